package dev.ilora.text;

import dev.ilora.data.Item;
import dev.ilora.text.ItemAttributes.Value;
import dev.ilora.text.PretrainingExample.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * An endless stream of text about a catalogue's items, to pretrain a small language model on so
 * that it knows the items and can choose and copy a title from a list. It sees items only, never
 * what users did: titles, attributes, and lists drawn at random or by attribute.
 *
 * <p>Examples are a function of the seed, their index and how far the training is, so a resumed
 * training sees what an uninterrupted one would. The mix and the length of lists follow {@link
 * PretrainingOptions}. Items without any attribute are told apart by the first letters of their
 * titles. Instances may be shared by threads.
 */
public final class PretrainingText {
  private static final int TRIES = 30;
  private static final double CLEARLY_BEST = 1.2;
  private static final int TITLE_WEIGHT = 3;
  private static final int FRAME_WEIGHT = 50;

  private final List<Item> items;
  private final List<String> titles;
  private final int[] sameTitle;
  private final ItemAttributes attributes;
  private final ListQuestions questions;
  private final Tokenizer tokenizer;
  private final PromptTemplate template;
  private final PromptEncoder encoder;
  private final PretrainingOptions options;
  private final int maxTokens;
  private final long seed;
  private final Map<String, int[]> encoded = new ConcurrentHashMap<>();

  /**
   * Prepares the stream.
   *
   * @param items the catalogue, ids 0 .. n-1 in order, at least two different titles
   * @param template the frame the model will be asked in
   * @param maxTokens no example is longer
   * @throws IllegalArgumentException if fewer than two titles differ or a title cannot be encoded
   */
  public PretrainingText(
      List<Item> items,
      Tokenizer tokenizer,
      PromptTemplate template,
      PretrainingOptions options,
      int maxTokens,
      long seed) {
    this.items = List.copyOf(items);
    this.titles = items.stream().map(Item::title).toList();
    if (Set.copyOf(titles).size() < 2) {
      throw new IllegalArgumentException(
          "expected at least 2 different titles, got " + Set.copyOf(titles).size());
    }
    this.sameTitle = sameTitle(titles);
    this.attributes = new ItemAttributes(items);
    this.tokenizer = tokenizer;
    this.template = template;
    this.encoder = new PromptEncoder(tokenizer, template, titles, ItemEmbeddings.NONE, maxTokens);
    this.questions = new ListQuestions(encoder, this::encode, attributes, template.noun());
    this.options = options;
    this.maxTokens = maxTokens;
    this.seed = seed;
  }

  private static int[] sameTitle(List<String> titles) {
    Map<String, Integer> first = new HashMap<>();
    int[] same = new int[titles.size()];
    for (int item = 0; item < same.length; item++) {
      same[item] = first.computeIfAbsent(titles.get(item), title -> first.size());
    }
    return same;
  }

  /**
   * Returns the tokens after which a list's titles start: that of the comma, and of its opening.
   */
  public int[] separators() {
    int[] comma = encode(",");
    int[] opening = encode(template.candidatesIntroduction());
    return IntStream.of(comma[comma.length - 1], opening[opening.length - 1]).distinct().toArray();
  }

  /**
   * Returns one example.
   *
   * @param index its place in the stream, 0 and up
   * @param progress share of the training done, 0 to 1
   */
  public PretrainingExample example(long index, double progress) {
    if (!(progress >= 0 && progress <= 1)) {
      throw new IllegalArgumentException("progress must be 0 to 1, got " + progress);
    }
    RandomGenerator random = randomAt(index);
    Kind kind = options.mix(progress).pick(random.nextDouble());
    int longest = options.longestList(progress);
    int shortest = Math.max(options.shortestList(), longest / 2);
    return example(kind, random.nextInt(shortest, longest + 1), random);
  }

  /**
   * Returns the examples of one step.
   *
   * @param progress share of the training done, 0 to 1
   * @param tokens in all, about
   */
  public List<PretrainingExample> examples(long step, double progress, int tokens) {
    List<PretrainingExample> examples = new ArrayList<>();
    long index = step << 20;
    for (int written = 0; written < tokens; ) {
      PretrainingExample example = example(index++, progress);
      examples.add(example);
      written += example.length();
    }
    return examples;
  }

  private RandomGenerator randomAt(long index) {
    return new SplittableRandom(
        new SplittableRandom(seed).nextLong() + index * 0x9e3779b97f4a7c15L);
  }

  /**
   * Returns one example of a kind, for measuring a model on it.
   *
   * @param listLength titles to choose from, at least 2; fewer where the catalogue or the longest
   *     example does not allow it
   */
  public PretrainingExample example(Kind kind, int listLength, RandomGenerator random) {
    return switch (kind) {
      case SENTENCE -> sentence(random);
      case REPEAT -> repeat(listLength, random);
      case RANDOM_REPEAT -> randomRepeat(random);
      case CHOICE -> choice(listLength, random);
      case THEME -> theme(listLength, random);
      case SIMILAR -> similar(listLength, random);
      case TASTE -> throw new IllegalArgumentException("items have no vectors here: " + kind);
    };
  }

  private ExampleWriter writer(Kind kind) {
    ExampleWriter writer = new ExampleWriter(kind, options.contextWeight());
    if (tokenizer.bos() >= 0) {
      writer.context(new int[] {tokenizer.bos()});
    }
    return writer;
  }

  /** Remembers phrases; there are few beside titles, which the encoder holds. */
  private int[] encode(String text) {
    return encoded.computeIfAbsent(text, tokenizer::encode);
  }

  private PretrainingExample sentence(RandomGenerator random) {
    int item = random.nextInt(titles.size());
    List<Value> values = new ArrayList<>();
    for (int value : attributes.of(item)) {
      values.add(attributes.values().get(value));
    }
    if (values.isEmpty()) {
      values.add(attributes.initials().get(attributes.initialOf(item)));
    }
    if (random.nextInt(3) == 0) {
      values = List.of(values.get(random.nextInt(values.size())));
    }
    String phrase = attributes.phrase(values, template.noun());
    String article = "AEIOUaeiou".indexOf(phrase.charAt(0)) >= 0 ? "n" : "";
    ExampleWriter writer = writer(Kind.SENTENCE);
    if (random.nextBoolean()) {
      writer.target(encoder.title(item));
      writer.target(encode(" is a%s %s".formatted(article, phrase)));
    } else {
      writer.target(encode(" A%s %s is".formatted(article, phrase)));
      writer.target(encoder.title(item));
    }
    writer.target(encoder.end());
    return cut(writer.example());
  }

  private PretrainingExample cut(PretrainingExample example) {
    if (example.length() <= maxTokens) {
      return example;
    }
    return new PretrainingExample(
        example.kind(),
        Arrays.copyOf(example.tokens(), maxTokens),
        Arrays.copyOf(example.weights(), maxTokens),
        new int[0],
        new int[0]);
  }

  private PretrainingExample repeat(int length, RandomGenerator random) {
    int room = (maxTokens - 1) / options.repeats();
    int[] list = listTokens(sample(length, random, item -> true, new HashSet<>()), room - 1);
    return repeated(Kind.REPEAT, TokenList.joined(list, encoder.end()));
  }

  private PretrainingExample randomRepeat(RandomGenerator random) {
    int room = Math.max(2, (maxTokens - 1) / options.repeats());
    int[] tokens = new int[Math.min(room, random.nextInt(8, 21))];
    for (int i = 0; i < tokens.length; i++) {
      do {
        tokens[i] = random.nextInt(tokenizer.vocabularySize());
      } while (tokenizer.isSpecial(tokens[i]));
    }
    return repeated(Kind.RANDOM_REPEAT, tokens);
  }

  private PretrainingExample repeated(Kind kind, int[] tokens) {
    ExampleWriter writer = writer(kind);
    writer.context(tokens);
    for (int i = 1; i < options.repeats(); i++) {
      writer.answer(tokens);
    }
    return cut(writer.example());
  }

  /** Titles separated by commas, as many as fit into a number of tokens. */
  private int[] listTokens(int[] list, int room) {
    TokenList tokens = new TokenList();
    int[] comma = encode(",");
    for (int item : list) {
      int[] title = encoder.title(item);
      if (tokens.size() > 0 && tokens.size() + comma.length + title.length > room) {
        break;
      }
      tokens.addAll(tokens.size() > 0 ? comma : new int[0]);
      tokens.addAll(title);
    }
    return tokens.toArray();
  }

  private PretrainingExample choice(int length, RandomGenerator random) {
    int[] list = fitting(sample(length, random, item -> true, new HashSet<>()), maxTokens / 2);
    ExampleWriter writer = writer(Kind.CHOICE);
    writer.context(encode(template.candidatesIntroduction()));
    writer.context(listTokens(list, Integer.MAX_VALUE));
    writer.context(encode("."));
    int asked = 0;
    for (int tries = 0; tries < 4 * options.questionsPerList(); tries++) {
      var question = questions.draw(list, random);
      if (question.isPresent() && asked < options.questionsPerList()) {
        int[] text = question.get().tokens();
        int[] answer = encoder.answer(question.get().answer());
        if (writer.size() + text.length + answer.length <= maxTokens) {
          writer.context(text);
          writer.answer(answer);
          asked++;
        }
      }
    }
    return asked == 0 ? repeat(length, random) : writer.example();
  }

  private int[] fitting(int[] list, int room) {
    int tokens = 0;
    int count = 0;
    while (count < list.length && tokens + encoder.title(list[count]).length + 1 <= room) {
      tokens += encoder.title(list[count++]).length + 1;
    }
    return Arrays.copyOf(list, Math.max(2, count));
  }

  private PretrainingExample theme(int length, RandomGenerator random) {
    for (int tries = 0; tries < TRIES; tries++) {
      int[] theme = drawTheme(random);
      Set<Integer> used = new HashSet<>();
      int[] alike = sampleOf(theme, 2 + random.nextInt(options.longestHistory()), random, used);
      IntPredicate outside = item -> Arrays.binarySearch(theme, item) < 0;
      int[] others = sample(length - 1, random, outside, used);
      if (alike.length >= 2 && others.length > 0) {
        int answer = alike[alike.length - 1];
        int[] history = Arrays.copyOf(alike, alike.length - 1);
        return framed(Kind.THEME, history, shuffledWith(others, answer, random), answer);
      }
    }
    return repeat(length, random);
  }

  /** The items of one value, or of two values that some item holds together. */
  private int[] drawTheme(RandomGenerator random) {
    List<Value> values = attributes.values();
    if (values.isEmpty()) {
      List<Value> initials = attributes.initials();
      return initials.get(random.nextInt(initials.size())).items();
    }
    int[] holders = values.get(random.nextInt(values.size())).items();
    if (random.nextInt(4) > 0) {
      return holders;
    }
    int[] held = attributes.of(holders[random.nextInt(holders.length)]);
    int second = held[random.nextInt(held.length)];
    return Arrays.stream(holders).filter(item -> attributes.holds(item, second)).toArray();
  }

  private PretrainingExample similar(int length, RandomGenerator random) {
    if (attributes.values().isEmpty()) {
      return theme(length, random);
    }
    for (int tries = 0; tries < TRIES; tries++) {
      Set<Integer> used = new HashSet<>();
      int count = 1 + random.nextInt(options.longestHistory());
      int[] history =
          random.nextBoolean()
              ? sample(count, random, item -> true, used)
              : sampleOf(drawTheme(random), count, random, used);
      int[] candidates = sample(length, random, item -> true, used);
      int best = clearlyMostSimilar(history, candidates);
      if (history.length > 0 && candidates.length > 1 && best >= 0) {
        return framed(Kind.SIMILAR, history, candidates, best);
      }
    }
    return theme(length, random);
  }

  /** The candidate whose values, rare ones counting more, the history holds most; -1 if unclear. */
  private int clearlyMostSimilar(int[] history, int[] candidates) {
    int best = -1;
    double most = 0;
    double second = 0;
    for (int candidate : candidates) {
      double similarity = 0;
      for (int value : attributes.of(candidate)) {
        double rarity =
            Math.log((double) items.size() / attributes.values().get(value).items().length);
        for (int item : history) {
          similarity += attributes.holds(item, value) ? rarity : 0;
        }
      }
      second = Math.max(second, Math.min(most, similarity));
      if (similarity > most) {
        most = similarity;
        best = candidate;
      }
    }
    return most > CLEARLY_BEST * second ? best : -1;
  }

  private PretrainingExample framed(Kind kind, int[] history, int[] candidates, int answer) {
    Prompt prompt = encoder.encode(history, candidates);
    ExampleWriter writer = new ExampleWriter(kind, options.contextWeight());
    writer.context(prompt.tokens());
    writer.answer(encoder.answer(answer, prompt));
    return writer.example();
  }

  /** Draws up to {@code count} items whose titles differ from each other and from those used. */
  private int[] sample(
      int count, RandomGenerator random, IntPredicate allowed, Set<Integer> usedTitles) {
    TokenList drawn = new TokenList();
    for (int tries = 0; tries < TRIES * count && drawn.size() < count; tries++) {
      int item = random.nextInt(titles.size());
      if (allowed.test(item) && usedTitles.add(sameTitle[item])) {
        drawn.add(item);
      }
    }
    return drawn.toArray();
  }

  /** Draws up to {@code count} of the given items whose titles differ. */
  private int[] sampleOf(int[] pool, int count, RandomGenerator random, Set<Integer> usedTitles) {
    int[] rest = pool.clone();
    TokenList drawn = new TokenList();
    for (int left = rest.length; left > 0 && drawn.size() < count; left--) {
      int place = random.nextInt(left);
      int item = rest[place];
      rest[place] = rest[left - 1];
      if (usedTitles.add(sameTitle[item])) {
        drawn.add(item);
      }
    }
    return drawn.toArray();
  }

  private static int[] shuffledWith(int[] others, int answer, RandomGenerator random) {
    int[] candidates = Arrays.copyOf(others, others.length + 1);
    int place = random.nextInt(candidates.length);
    candidates[others.length] = candidates[place];
    candidates[place] = answer;
    return candidates;
  }

  /**
   * Returns lines that hold the words of the catalogue and of the examples, for {@link BpeTrainer}:
   * titles count most.
   */
  public static List<String> tokenizerText(List<Item> items, PromptTemplate template) {
    ItemAttributes attributes = new ItemAttributes(items);
    List<String> lines = new ArrayList<>();
    for (Item item : items) {
      for (int i = 0; i < TITLE_WEIGHT; i++) {
        lines.add(" " + item.title());
      }
      List<Value> values =
          Arrays.stream(attributes.of(item.id())).mapToObj(attributes.values()::get).toList();
      lines.add(" A " + attributes.phrase(values, template.noun()) + " is");
    }
    for (int i = 0; i < FRAME_WEIGHT; i++) {
      template.texts().forEach(lines::add);
      lines.addAll(ListQuestions.words(template.noun()));
      attributes.initials().forEach(initial -> lines.add(initial.phrase(template.noun())));
    }
    return lines;
  }
}
