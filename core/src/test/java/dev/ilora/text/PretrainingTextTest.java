package dev.ilora.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Item;
import dev.ilora.text.PretrainingExample.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainingTextTest {
  private static final PromptTemplate TEMPLATE = PromptTemplate.named("movie-short");
  private static final Pattern FRAME =
      Pattern.compile(
          "This user has watched: (.*)\\. Candidates: (.*)\\. The next movie is: (.*)\n");
  private static final List<Item> ITEMS = catalogue(200, true);
  private static final List<Item> BARE_ITEMS = catalogue(60, false);

  @TempDir static Path folder;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void trainTokenizer() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    BpeTrainer.train(PretrainingText.tokenizerText(ITEMS, TEMPLATE), 1000, file);
    tokenizer = Tokenizer.open(file);
  }

  @AfterAll
  static void closeTokenizer() {
    tokenizer.close();
  }

  private static PretrainingText text(List<Item> items, int maxTokens, long seed) {
    return new PretrainingText(
        items, tokenizer, TEMPLATE, PretrainingOptions.defaults(), maxTokens, seed);
  }

  @Test
  void isAFunctionOfSeedIndexAndProgress() {
    PretrainingText seven = text(ITEMS, 512, 7);
    PretrainingText again = text(ITEMS, 512, 7);
    PretrainingText eight = text(ITEMS, 512, 8);
    Set<String> seen = new HashSet<>();
    for (int index = 299; index >= 0; index--) {
      int[] tokens = seven.example(index, 0.8).tokens();
      assertArrayEquals(tokens, again.example(index, 0.8).tokens());
      seen.add(Arrays.toString(tokens));
      seen.add(Arrays.toString(eight.example(index, 0.8).tokens()));
    }
    assertTrue(seen.size() > 590, "examples repeat: " + seen.size());
  }

  @Test
  void titlesOfAListStartAfterSeparators() {
    int[] comma = tokenizer.encode(",");
    int[] separators = text(ITEMS, 512, 3).separators();
    assertEquals(comma[comma.length - 1], separators[0]);
    assertTrue(separators.length <= 2, Arrays.toString(separators));
  }

  @Test
  void staysWithinTheContextAndMarksAnswers() {
    for (List<Item> items : List.of(ITEMS, BARE_ITEMS)) {
      for (int maxTokens : new int[] {160, 512}) {
        PretrainingText text = text(items, maxTokens, 3);
        for (int index = 0; index < 600; index++) {
          check(text.example(index, index / 600.0), maxTokens, items);
        }
      }
    }
  }

  private static void check(PretrainingExample example, int maxTokens, List<Item> items) {
    assertTrue(example.length() <= maxTokens, () -> example.kind() + ": " + example.length());
    assertEquals(tokenizer.bos(), example.tokens()[0]);
    assertEquals(0, example.weights()[0]);
    float weight = 0;
    for (int i = 0; i < example.answerStarts().length; i++) {
      int start = example.answerStarts()[i];
      int end = example.answerEnds()[i];
      String answer = tokenizer.decode(Arrays.copyOfRange(example.tokens(), start, end));
      if (example.kind() == Kind.CHOICE) {
        String list = tokenizer.decode(Arrays.copyOf(example.tokens(), start));
        assertTrue(list.contains(answer.strip()), () -> answer + " is not in " + list);
        assertTrue(
            items.stream().anyMatch(item -> (" " + item.title() + "\n").equals(answer)), answer);
      }
      for (int at = start; at < end; at++) {
        assertEquals(1, example.weights()[at]);
        weight++;
      }
    }
    float sum = 0;
    for (float one : example.weights()) {
      sum += one;
    }
    assertEquals(example.kind() == Kind.SENTENCE ? example.length() - 1 : weight, sum);
    assertTrue(sum > 0);
  }

  @Test
  void drawsKindsByTheirWeights() {
    double[] mix = {0.3, 0.6, 0.1, 0, 0, 0};
    double[] later = {0.2, 0.1, 0, 0.4, 0.2, 0.1};
    checkShares(mix, PretrainingOptions.defaults().beginning());
    checkShares(later, PretrainingOptions.defaults().mix());
    checkShares(new double[] {0, 0, 0.5, 0, 0, 0.5}, new PretrainingMix(0, 0, 7, 0, 0, 7));
  }

  private static void checkShares(double[] expected, PretrainingMix mix) {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    for (int i = 0; i < 1000; i++) {
      counts.merge(mix.pick(i / 1000.0), 1, Integer::sum);
    }
    for (int i = 0; i < expected.length; i++) {
      Kind kind = Kind.values()[i];
      assertEquals(expected[i], counts.getOrDefault(kind, 0) / 1000.0, 0.002, kind::toString);
    }
  }

  @Test
  void beginsWithCopyingAndLetsListsGrow() {
    PretrainingText text = text(ITEMS, 512, 5);
    PretrainingOptions options = PretrainingOptions.defaults();
    for (int index = 0; index < 200; index++) {
      Kind kind = text.example(index, 0.1).kind();
      assertTrue(kind.compareTo(Kind.RANDOM_REPEAT) <= 0, kind::toString);
    }
    int last = 0;
    for (double progress = 0; progress <= 1; progress += 0.01) {
      assertTrue(options.longestList(progress) >= last);
      last = options.longestList(progress);
    }
    assertEquals(4, options.longestList(0));
    assertEquals(4, options.longestList(0.2));
    assertEquals(12, options.longestList(0.45));
    assertEquals(20, options.longestList(0.7));
  }

  @Test
  void inAThemeOneCandidateSharesWhatTheHistoryShares() {
    for (List<Item> items : List.of(ITEMS, BARE_ITEMS)) {
      SplittableRandom random = new SplittableRandom(1);
      PretrainingText text = text(items, 512, 1);
      for (int i = 0; i < 200; i++) {
        PretrainingExample example = text.example(Kind.THEME, 8, random);
        if (example.kind() == Kind.THEME) {
          checkTheme(items, tokenizer.decode(example.tokens()));
        }
      }
    }
  }

  private static void checkTheme(List<Item> items, String text) {
    Matcher frame = FRAME.matcher(text);
    assertTrue(frame.matches(), text);
    List<List<String>> history = held(items, frame.group(1));
    List<List<String>> candidates = held(items, frame.group(2));
    List<List<String>> answer = held(items, frame.group(3));
    Set<String> shared = new HashSet<>(answer.getFirst());
    history.forEach(values -> shared.retainAll(values));
    List<String> titles = List.of(frame.group(2).split(", "));
    assertTrue(titles.contains(frame.group(3)), text);
    assertEquals(titles.size(), Set.copyOf(titles).size(), text);
    candidates.removeIf(values -> !values.containsAll(shared));
    assertFalse(shared.isEmpty(), text);
    assertEquals(1, candidates.size(), text);
  }

  /** What each title of a list holds: values, decade; without attributes its first letter. */
  private static List<List<String>> held(List<Item> items, String list) {
    List<List<String>> held = new ArrayList<>();
    for (String title : list.split(", ")) {
      Item item = items.stream().filter(i -> i.title().equals(title)).findFirst().orElseThrow();
      List<String> values = new ArrayList<>();
      for (String value : item.attributes().values()) {
        values.addAll(List.of(value.split("\\|")));
      }
      String year = item.attributes().getOrDefault("year", "");
      values.add(year.isEmpty() ? title.substring(0, 1) : year.substring(0, 3) + "0s");
      held.add(values);
    }
    return held;
  }

  @Test
  void contextCountsWhereAskedFor() {
    PretrainingOptions options = options(new PretrainingMix(0, 0, 0, 1, 0, 0), 5, 0.5, 0.25);
    var text = new PretrainingText(ITEMS, tokenizer, TEMPLATE, options, 256, 1);
    PretrainingExample example = text.example(0, 1);
    assertEquals(0, example.weights()[0]);
    assertEquals(0.25f, example.weights()[1]);
    assertEquals(1, example.weights()[example.answerStarts()[0]]);
  }

  @Test
  void refusesWhatMakesNoText() {
    assertMessage(
        "expected at least 2 different titles, got 1",
        () ->
            text(List.of(new Item(0, "a", "A", Map.of()), new Item(1, "b", "A", Map.of())), 9, 1));
    assertMessage("progress must be 0 to 1, got 1.5", () -> text(ITEMS, 512, 1).example(0, 1.5));
    assertMessage(
        "weights must be finite, none below 0 and not all 0, got 0.0, 0.0, 0.0, -1.0, 2.0, 0.0",
        () -> new PretrainingMix(0, 0, 0, -1, 2, 0));
    assertMessage(
        "weights must be finite, none below 0 and not all 0, got 0.0, 0.0, 0.0, 0.0, 0.0, 0.0",
        () -> new PretrainingMix(0, 0, 0, 0, 0, 0));
    PretrainingMix mix = new PretrainingMix(1, 0, 0, 0, 0, 0);
    assertMessage("longestList must be at least 4, got 3", () -> options(mix, 3, 0.5, 0));
    assertMessage("growthShare must be 0.1 to 1, got 0.0", () -> options(mix, 5, 0, 0));
    assertMessage("contextWeight must be 0.0 to 1, got 2.0", () -> options(mix, 5, 0.5, 2));
  }

  private static PretrainingOptions options(
      PretrainingMix mix, int longestList, double growthShare, double contextWeight) {
    return new PretrainingOptions(
        mix, 0.1, mix, 2, longestList, growthShare, 3, 2, 2, contextWeight);
  }

  private static void assertMessage(String message, Runnable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
  }

  private static List<Item> catalogue(int count, boolean attributes) {
    Random random = new Random(5);
    String[] genres = {"Comedy", "Drama", "Action", "Horror", "Animation"};
    String[] first = {"Star", "Night", "Paper", "Café", "Golden", "Silent", "Röyal", "Last"};
    String[] second = {"Wars", "Train", "Moon", "Garden", "Del Mar", "Story", "Empire"};
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String title = first[random.nextInt(8)] + " " + second[random.nextInt(7)] + " " + i;
      String genre = genres[random.nextInt(5)] + "|" + genres[random.nextInt(5)];
      String year = String.valueOf(1950 + random.nextInt(50));
      items.add(
          new Item(
              i, "k" + i, title, attributes ? Map.of("genre", genre, "year", year) : Map.of()));
    }
    return items;
  }
}
