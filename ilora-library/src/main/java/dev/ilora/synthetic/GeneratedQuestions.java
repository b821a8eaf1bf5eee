package dev.ilora.synthetic;

import dev.ilora.synthetic.Instruction.Form;
import dev.ilora.tokenizer.TokenList;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Instructions about a list that exactly one of its titles answers. */
final class GeneratedQuestions {
  /**
   * An instruction and its answer.
   *
   * @param tokens up to and including the colon or question mark
   * @param answer the item that answers it
   */
  record Question(int[] tokens, int answer) {}

  private final GeneratedWorld world;
  private final Phrases phrases;
  private final int[] list;
  private final ListStyle style;

  GeneratedQuestions(GeneratedWorld world, Phrases phrases, int[] list, ListStyle style) {
    this.world = world;
    this.phrases = phrases;
    this.list = list;
    this.style = style;
  }

  /** Draws an instruction of any form; empty if the draw fits no title, or more than one. */
  Optional<Question> draw(RandomGenerator random) {
    // The place first, then the form: the order is part of what a seed stands for.
    int place = random.nextInt(list.length);
    return draw(form(random.nextInt(20)), place, random);
  }

  /** Mostly what the list's style is for, words and names, and seldom neighbours. */
  private Form form(int drawn) {
    if (drawn < 2) {
      return drawn == 0 ? Form.AFTER : Form.BEFORE;
    }
    return switch (style) {
      case PLAIN -> drawn < 3 ? Form.PLACE : drawn < 9 ? Form.NAMED : Form.WORD;
      case NUMBERED -> drawn < 13 ? Form.PLACE : drawn < 16 ? Form.NAMED : Form.WORD;
      case WITH_VALUES -> drawn < 10 ? Form.VALUE : drawn < 13 ? Form.NAMED : Form.WORD;
    };
  }

  /** Draws an instruction of a form; empty if the draw fits no title, or more than one. */
  Optional<Question> draw(Form form, RandomGenerator random) {
    return draw(form, random.nextInt(list.length), random);
  }

  private Optional<Question> draw(Form form, int place, RandomGenerator random) {
    Wording wording = world.wording();
    Optional<int[]> tokens =
        switch (form) {
          case PLACE -> place(place, random);
          case AFTER ->
              place == 0
                  ? Optional.empty()
                  : Optional.of(about(wording.after(random), list[place - 1]));
          case BEFORE ->
              place == list.length - 1
                  ? Optional.empty()
                  : Optional.of(about(wording.before(random), list[place + 1]));
          case NAMED -> Optional.of(about(wording.named(random), list[place]));
          case WORD -> word(place, random);
          case VALUE -> value(place, random);
        };
    return tokens.map(question -> new Question(question, list[place]));
  }

  private Optional<int[]> place(int place, RandomGenerator random) {
    if (style == ListStyle.NUMBERED) {
      return Optional.of(phrases.tokens(world.wording().number(place + 1, random)));
    }
    if (place == 0) {
      return Optional.of(phrases.tokens(world.wording().first(random)));
    }
    return place == list.length - 1
        ? Optional.of(phrases.tokens(world.wording().last(random)))
        : Optional.empty();
  }

  private Optional<int[]> word(int place, RandomGenerator random) {
    String[] words = world.title(list[place]).split(" ");
    String word = words[random.nextInt(words.length)].replaceAll("(?U)\\W+$", "");
    if (word.length() < 3) {
      return Optional.empty();
    }
    int holders = 0;
    for (int item : list) {
      holders += world.title(item).contains(word) ? 1 : 0;
    }
    return holders > 1
        ? Optional.empty()
        : Optional.of(
            joined(phrases.tokens(world.wording().withWord(random)), phrases.once(" " + word)));
  }

  private Optional<int[]> value(int place, RandomGenerator random) {
    if (style != ListStyle.WITH_VALUES) {
      return Optional.empty();
    }
    int holders = 0;
    for (int item : list) {
      holders += world.value(item).equals(world.value(list[place])) ? 1 : 0;
    }
    return holders > 1
        ? Optional.empty()
        : Optional.of(
            joined(
                phrases.tokens(world.wording().withValue(random)),
                phrases.once(" " + world.value(list[place]))));
  }

  private int[] about(String before, int item) {
    return joined(phrases.tokens(before), world.tokens(item));
  }

  private int[] joined(int[] before, int[] what) {
    TokenList tokens = new TokenList();
    tokens.addAll(before);
    tokens.addAll(what);
    tokens.addAll(phrases.tokens(":"));
    return tokens.toArray();
  }
}
