package dev.ilora.synthetic;

import dev.ilora.Randomness;
import dev.ilora.synthetic.PretrainingExample.Kind;
import dev.ilora.tokenizer.TokenList;
import dev.ilora.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

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
  private static final int LONGEST_HISTORY = 10;
  private static final int QUESTIONS = 24;
  private static final int REPEATS = 3;

  /** One in so many texts about taste tells it in a slot before the history. */
  private static final int USER_SLOTS = 3;

  /** Tokens of the words around a history and its answer, at the most. */
  private static final int ASKING = 24;

  private final TitleSource titles;
  private final Phrases phrases;
  private final GeneratedOptions options;
  private final int maxTokens;
  private final long seed;
  private final int[] end;

  /** How titles carry vectors. */
  private enum Form {
    NONE,
    ADDED,
    SLOT,
    BOTH
  }

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
          titles.inventive() ? theme(world, length, random) : choice(world, length, random);
      case TASTE ->
          random.nextInt(20) < length
              ? framed(world, length, random)
              : shared(world, length, random);
      case FACTS -> facts(world, length, random);
    };
  }

  private ExampleWriter writer(Kind kind) {
    ExampleWriter writer = new ExampleWriter(kind);
    if (phrases.tokenizer().bos() >= 0) {
      writer.context(new int[] {phrases.tokenizer().bos()});
    }
    return writer;
  }

  private PretrainingExample repeat(GeneratedWorld world, int length, RandomGenerator random) {
    int room = (maxTokens - 1) / REPEATS - 1;
    ExampleWriter writer = writer(Kind.REPEAT);
    int[] separator = phrases.tokens(world.wording().separator());
    TokenList list = new TokenList();
    for (int item : sample(world, length, random)) {
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
    ExampleWriter writer = writer(Kind.RANDOM_REPEAT);
    writer.context(tokens);
    writer.answer(tokens);
    return writer.example();
  }

  /** Titles and a value of each, which is to be known of a catalogue's items. */
  private PretrainingExample facts(GeneratedWorld world, int length, RandomGenerator random) {
    int[] items = fitting(world, sample(world, length, random), maxTokens / 2);
    ExampleWriter writer = writer(Kind.FACTS);
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
    int[] list = fitting(world, sample(world, length, random), maxTokens * 3 / 5);
    ListStyle style = ListStyle.draw(random);
    Form form = random.nextInt(3) == 0 ? form(random) : Form.NONE;
    ExampleWriter writer = list(world, list, style, form, random);
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
        writer.answer(TokenList.joined(answer, end), titlesOf(world, list));
        asked++;
      }
    }
    return asked == 0 ? repeat(world, length, random) : writer.example();
  }

  private ExampleWriter list(
      GeneratedWorld world, int[] list, ListStyle style, Form form, RandomGenerator random) {
    ExampleWriter writer = writer(Kind.CHOICE);
    writer.context(phrases.tokens(world.wording().list(random)));
    for (int i = 0; i < list.length; i++) {
      between(writer, world, i);
      if (style == ListStyle.NUMBERED) {
        writer.context(phrases.tokens(" %d:".formatted(i + 1)));
      }
      title(writer, world, list[i], form);
      if (style == ListStyle.WITH_VALUES) {
        writer.context(phrases.once(" - " + world.value(list[i])));
      }
    }
    writer.context(phrases.tokens(world.wording().closing()));
    return writer;
  }

  /** What stands before a list's title at a place. */
  private void between(ExampleWriter writer, GeneratedWorld world, int place) {
    Wording wording = world.wording();
    writer.context(phrases.tokens(place == 0 ? wording.opening() : wording.separator()));
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
      int[] list = sample(world, listLength, random);
      ExampleWriter writer = list(world, list, style, Form.NONE, random);
      var question = new GeneratedQuestions(world, phrases, list, style).draw(asked, random);
      if (question.isPresent()) {
        writer.context(question.get().tokens());
        return new Instruction(
            asked,
            writer.example().tokens(),
            world.tokens(question.get().answer()),
            titlesOf(world, list));
      }
    }
  }

  private static Form form(RandomGenerator random) {
    return switch (random.nextInt(5)) {
      case 0 -> Form.SLOT;
      case 1 -> Form.BOTH;
      default -> Form.ADDED;
    };
  }

  private void title(ExampleWriter writer, GeneratedWorld world, int item, Form form) {
    int[] tokens = world.tokens(item);
    if (form == Form.ADDED || form == Form.BOTH) {
      writer.added(tokens, world.vector(item));
    } else {
      writer.context(tokens);
    }
    if (form == Form.SLOT || form == Form.BOTH) {
      writer.replaced(phrases.tokenizer().slot(), world.vector(item));
    }
  }

  private void titles(ExampleWriter writer, GeneratedWorld world, int[] items, Form form) {
    for (int i = 0; i < items.length; i++) {
      between(writer, world, i);
      title(writer, world, items[i], form);
    }
    writer.context(phrases.tokens(world.wording().closing()));
  }

  /** A history of titles with a word in common, which one candidate has too. */
  private PretrainingExample theme(GeneratedWorld world, int length, RandomGenerator random) {
    String word = titles.word(random);
    List<int[]> history = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      history.add(phrases.once(" " + titles.with(word, random)));
    }
    int[] others = sample(world, length - 1 + 3, random);
    for (int i = random.nextInt(4); i > 0; i--) {
      history.add(world.tokens(others[length - 2 + i]));
    }
    Collections.shuffle(history, new Random(random.nextLong()));
    int[] answer = phrases.once(" " + titles.with(word, random));
    List<int[]> candidates = new ArrayList<>();
    for (int i = 0; i < length - 1; i++) {
      candidates.add(world.tokens(others[i]));
    }
    candidates.add(random.nextInt(length), answer);
    ExampleWriter writer = writer(Kind.THEME);
    writer.context(phrases.tokens(world.wording().history(random)));
    plain(writer, world, history);
    writer.context(phrases.tokens(world.wording().list(random)));
    plain(writer, world, candidates);
    writer.context(phrases.tokens(world.wording().ask(random)));
    writer.answer(TokenList.joined(answer, end), candidates);
    return writer.size() <= maxTokens
        ? writer.example()
        : theme(world, Math.max(2, length / 2), random);
  }

  private void plain(ExampleWriter writer, GeneratedWorld world, List<int[]> titles) {
    for (int i = 0; i < titles.size(); i++) {
      between(writer, world, i);
      writer.context(titles.get(i));
    }
    writer.context(phrases.tokens(world.wording().closing()));
  }

  /** One user in the frame that recommendations are asked in. */
  private PretrainingExample framed(GeneratedWorld world, int length, RandomGenerator random) {
    GeneratedWorld.Choices choices =
        world.choices(1 + random.nextInt(Math.min(LONGEST_HISTORY, length)), random);
    int[] history = choices.items();
    int next = world.next(choices, IntStream.range(0, world.size()).toArray(), random);
    int[] candidates = candidates(world, length, next, history, random);
    Form form = form(random);
    ExampleWriter writer = writer(Kind.TASTE);
    writer.context(phrases.tokens(world.wording().history(random)));
    if (random.nextInt(USER_SLOTS) == 0) {
      writer.replaced(phrases.tokenizer().slot(), world.summary(choices, random));
    }
    titles(writer, world, history, form);
    writer.context(phrases.tokens(world.wording().list(random)));
    titles(writer, world, candidates, form);
    writer.context(phrases.tokens(world.wording().ask(random)));
    writer.answer(TokenList.joined(world.tokens(next), end), titlesOf(world, candidates));
    return writer.size() <= maxTokens
        ? writer.example()
        : framed(world, Math.max(2, length / 2), random);
  }

  /** One list and several users who choose from it: more to learn from as many tokens. */
  private PretrainingExample shared(GeneratedWorld world, int length, RandomGenerator random) {
    int[] list = fitting(world, sample(world, length, random), maxTokens * 3 / 5);
    Form form = form(random);
    ExampleWriter writer = writer(Kind.TASTE);
    writer.context(phrases.tokens(world.wording().list(random)));
    titles(writer, world, list, form);
    String introduction = world.wording().history(random);
    String ask = world.wording().ask(random);
    boolean slots = random.nextInt(USER_SLOTS) == 0;
    boolean written = false;
    for (int user = 0; user < QUESTIONS; user++) {
      GeneratedWorld.Choices choices =
          world.choices(1 + random.nextInt(Math.clamp(length / 2, 2, 5)), random);
      int[] history = choices.items();
      int next = world.next(choices, list, random);
      if (next < 0) {
        continue;
      }
      int needed = ASKING + world.tokens(next).length;
      for (int item : history) {
        needed += world.tokens(item).length + 2;
      }
      if (writer.size() + needed > maxTokens) {
        break;
      }
      writer.context(phrases.tokens(introduction));
      if (slots) {
        writer.replaced(phrases.tokenizer().slot(), world.summary(choices, random));
      }
      titles(writer, world, history, form);
      writer.context(phrases.tokens(ask));
      writer.answer(TokenList.joined(world.tokens(next), end), titlesOf(world, list));
      written = true;
    }
    return written ? writer.example() : framed(world, length, random);
  }

  private int[] candidates(
      GeneratedWorld world, int length, int next, int[] history, RandomGenerator random) {
    List<Integer> drawn = new ArrayList<>();
    List<Integer> taken = new ArrayList<>(IntStream.of(history).boxed().toList());
    taken.add(next);
    while (drawn.size() < length - 1) {
      int item = random.nextInt(world.size());
      if (!taken.contains(item)) {
        drawn.add(item);
        taken.add(item);
      }
    }
    drawn.add(random.nextInt(length), next);
    return drawn.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] sample(GeneratedWorld world, int count, RandomGenerator random) {
    return Randomness.sample(world.size(), count, random);
  }

  private static int[] fitting(GeneratedWorld world, int[] list, int room) {
    int tokens = 0;
    int count = 0;
    while (count < list.length && tokens + world.tokens(list[count]).length + 4 <= room) {
      tokens += world.tokens(list[count++]).length + 4;
    }
    return Arrays.copyOf(list, Math.max(2, count));
  }

  private static List<int[]> titlesOf(GeneratedWorld world, int[] items) {
    return IntStream.of(items).mapToObj(world::tokens).toList();
  }
}
