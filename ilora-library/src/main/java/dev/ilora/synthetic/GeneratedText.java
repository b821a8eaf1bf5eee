package dev.ilora.synthetic;

import dev.ilora.Randomness;
import dev.ilora.synthetic.PretrainingExample.Kind;
import dev.ilora.tokenizer.TokenList;
import dev.ilora.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * An endless stream of text about made-up worlds, to pretrain a general model on: it learns to read
 * lists of titles it has never seen, to follow instructions about them, to copy the chosen title
 * exactly, and to relate the vectors of what a user chose to those of the candidates.
 *
 * <p>Every step draws worlds of its own; examples are a function of the seed and the step. Lists
 * grow with the training's progress. Instances may be shared by threads.
 */
public final class GeneratedText {
  /** Width of the vectors, that of the sequence recommenders. */
  public static final int VECTOR_WIDTH = 64;

  private static final int WORLDS_A_STEP = 4;
  private static final int QUESTIONS = 24;
  private static final int REPEATS = 3;

  private final TitleSource titles;
  private final Phrases phrases;
  private final GeneratedOptions options;
  private final int maxTokens;
  private final long seed;
  private final int[] end;
  private final TitleLists lists;
  private final TasteExamples tastes;

  /**
   * Prepares the stream.
   *
   * @param maxTokens no example is longer
   */
  public GeneratedText(
      TitleSource titles, Tokenizer tokenizer, GeneratedOptions options, int maxTokens, long seed) {
    this.titles = titles;
    this.phrases = new Phrases(tokenizer);
    this.options = options;
    this.maxTokens = maxTokens;
    this.seed = seed;
    this.end = tokenizer.encode("\n");
    this.lists = new TitleLists(phrases);
    this.tastes = new TasteExamples(titles, phrases, end, maxTokens);
  }

  /** Returns the tokens after which a list's titles start. */
  public int[] separators() {
    return new int[] {phrases.tokens("\n")[0]};
  }

  /** Returns the tokens after which an answer starts. */
  public int[] asking() {
    return new int[] {phrases.tokens(":")[0], phrases.tokens("?")[0]};
  }

  /**
   * Returns lines that hold the words of titles and of instructions, for {@link
   * dev.ilora.tokenizer.BpeTrainer}.
   */
  public static List<String> tokenizerText(WordList words, int titles, long seed) {
    TitleMaker maker = new TitleMaker(words);
    RandomGenerator random = new SplittableRandom(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < titles; i++) {
      lines.add(" " + maker.draw(random));
    }
    List<String> wordings = Wording.everything();
    for (int i = 0; i < titles / 1000; i++) {
      lines.addAll(wordings);
    }
    return lines;
  }

  /**
   * Returns the examples of one step.
   *
   * @param progress share of the training done, 0 to 1
   * @param tokens in all, about
   */
  public List<PretrainingExample> examples(long step, double progress, int tokens) {
    RandomGenerator random = Randomness.at(seed, step);
    List<GeneratedWorld> worlds = new ArrayList<>();
    for (int i = 0; i < WORLDS_A_STEP; i++) {
      boolean brief = random.nextDouble() < options.briefShare(progress);
      worlds.add(GeneratedWorld.draw(titles, brief, phrases, VECTOR_WIDTH, random));
    }
    List<PretrainingExample> examples = new ArrayList<>();
    for (int written = 0; written < tokens; ) {
      GeneratedWorld world = worlds.get(examples.size() % WORLDS_A_STEP);
      Kind kind = options.kind(progress, random.nextDouble());
      int longest = options.longestList(progress);
      int length = random.nextInt(Math.max(2, longest / 2), longest + 1);
      PretrainingExample example = example(kind, world, length, random);
      examples.add(example);
      written += example.length();
    }
    return examples;
  }

  /** Returns an example of a kind about a world of its own, for measuring a model on it. */
  public PretrainingExample example(Kind kind, int listLength, RandomGenerator random) {
    GeneratedWorld world = GeneratedWorld.draw(titles, false, phrases, VECTOR_WIDTH, random);
    return example(kind, world, listLength, random);
  }

  private PretrainingExample example(
      Kind kind, GeneratedWorld world, int length, RandomGenerator random) {
    return switch (kind) {
      case REPEAT -> repeat(world, length, random);
      case RANDOM_REPEAT -> randomRepeat(random);
      case CHOICE -> choice(world, length, random);
      case THEME ->
          titles.inventive() ? tastes.theme(world, length, random) : choice(world, length, random);
      case TASTE ->
          random.nextInt(20) < length
              ? tastes.framed(world, length, random)
              : tastes.shared(world, length, random);
      case FACTS -> facts(world, length, random);
    };
  }

  private PretrainingExample repeat(GeneratedWorld world, int length, RandomGenerator random) {
    int room = (maxTokens - 1) / REPEATS - 1;
    ExampleWriter writer = lists.writer(Kind.REPEAT);
    int[] separator = phrases.tokens(world.wording().separator());
    TokenList list = new TokenList();
    for (int item : world.sample(length, random)) {
      int[] title = world.tokens(item);
      if (list.size() + title.length + 1 > room) {
        break;
      }
      list.addAll(list.size() > 0 ? separator : new int[0]);
      list.addAll(title);
    }
    list.addAll(end);
    writer.context(list.toArray());
    for (int i = 1; i < REPEATS; i++) {
      writer.answer(list.toArray());
    }
    return writer.example();
  }

  private PretrainingExample randomRepeat(RandomGenerator random) {
    int[] tokens = new int[8 + random.nextInt(24)];
    for (int i = 0; i < tokens.length; i++) {
      do {
        tokens[i] = random.nextInt(phrases.tokenizer().vocabularySize());
      } while (phrases.tokenizer().isSpecial(tokens[i]));
    }
    ExampleWriter writer = lists.writer(Kind.RANDOM_REPEAT);
    writer.context(tokens);
    writer.answer(tokens);
    return writer.example();
  }

  /** Titles and a value of each, which is to be known of a catalogue's items. */
  private PretrainingExample facts(GeneratedWorld world, int length, RandomGenerator random) {
    int[] items = world.fitting(world.sample(length, random), maxTokens / 2);
    ExampleWriter writer = lists.writer(Kind.FACTS);
    boolean written = false;
    for (int item : items) {
      int[] title = TokenList.joined(end, world.tokens(item));
      int[] value = phrases.once(" - " + world.value(item));
      // A catalogue's values may be as long as descriptions.
      if (world.isFact(item) && writer.size() + title.length + value.length <= maxTokens) {
        writer.context(title);
        writer.target(value);
        written = true;
      }
    }
    return written ? writer.example() : choice(world, length, random);
  }

  private PretrainingExample choice(GeneratedWorld world, int length, RandomGenerator random) {
    int[] list = world.fitting(world.sample(length, random), maxTokens * 3 / 5);
    ListStyle style = ListStyle.draw(random);
    TitleForm form = random.nextInt(3) == 0 ? TitleForm.draw(random) : TitleForm.NONE;
    ExampleWriter writer = lists.of(world, list, style, form, random);
    GeneratedQuestions questions = new GeneratedQuestions(world, phrases, list, style);
    int asked = 0;
    for (int tries = 0; tries < 4 * QUESTIONS && asked < QUESTIONS; tries++) {
      var question = questions.draw(random);
      if (question.isPresent()) {
        int[] text = question.get().tokens();
        int[] answer = world.tokens(question.get().answer());
        if (writer.size() + text.length + answer.length + end.length > maxTokens) {
          break;
        }
        writer.context(text);
        writer.answer(TokenList.joined(answer, end), world.titles(list));
        asked++;
      }
    }
    return asked == 0 ? repeat(world, length, random) : writer.example();
  }

  /**
   * Returns one instruction about a list of titles without vectors, for asking a model.
   *
   * @param listLength titles in the list
   */
  public Instruction instruction(Instruction.Form asked, int listLength, RandomGenerator random) {
    ListStyle style =
        switch (asked) {
          case PLACE -> ListStyle.NUMBERED;
          case VALUE -> ListStyle.WITH_VALUES;
          case AFTER, BEFORE, NAMED, WORD -> ListStyle.PLAIN;
        };
    while (true) {
      GeneratedWorld world = GeneratedWorld.draw(titles, false, phrases, VECTOR_WIDTH, random);
      int[] list = world.sample(listLength, random);
      ExampleWriter writer = lists.of(world, list, style, TitleForm.NONE, random);
      var question = new GeneratedQuestions(world, phrases, list, style).draw(asked, random);
      if (question.isPresent()) {
        writer.context(question.get().tokens());
        return new Instruction(
            asked,
            writer.example().tokens(),
            world.tokens(question.get().answer()),
            world.titles(list));
      }
    }
  }
}
