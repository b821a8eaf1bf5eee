package dev.ilora.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Item;
import dev.ilora.synthetic.PretrainingExample.Kind;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratedTextTest {
  private static final int MAX_TOKENS = 512;

  @TempDir static Path folder;
  private static Tokenizer tokenizer;
  private static GeneratedText text;

  @BeforeAll
  static void prepare() throws IOException {
    tokenizer = Made.tokenizer(folder);
    text = stream(7);
  }

  private static GeneratedText stream(long seed) throws IOException {
    return new GeneratedText(
        new TitleMaker(Made.words(folder)), tokenizer, GeneratedOptions.DEFAULTS, MAX_TOKENS, seed);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static String words(PretrainingExample example) {
    return tokenizer.decode(example.tokens());
  }

  @Test
  void aStepIsAFunctionOfSeedAndStepAlone() throws IOException {
    List<PretrainingExample> once = text.examples(40, 0.8, 4096);
    text.examples(41, 0.8, 4096);
    List<PretrainingExample> again = stream(7).examples(40, 0.8, 4096);
    assertEquals(once.size(), again.size());
    for (int i = 0; i < once.size(); i++) {
      assertArrayEquals(once.get(i).tokens(), again.get(i).tokens());
      assertArrayEquals(once.get(i).vectors().values(), again.get(i).vectors().values());
    }
    assertFalse(
        Arrays.equals(
            once.getFirst().tokens(), stream(8).examples(40, 0.8, 4096).getFirst().tokens()));
  }

  /** Neighbouring seeds of a generator can give one stream of numbers, shifted. */
  @Test
  void stepsShareNoText() {
    Set<String> seen = new HashSet<>();
    int pieces = 0;
    for (int step = 0; step < 30; step++) {
      for (PretrainingExample example : text.examples(step, 0.9, 1024)) {
        if (example.kind() == Kind.TASTE || example.kind() == Kind.CHOICE) {
          pieces++;
          seen.add(words(example).substring(0, 60));
        }
      }
    }
    assertEquals(pieces, seen.size());
  }

  @Test
  void noExampleIsLongerThanAllowedAndAStepHoldsAboutWhatIsAsked() {
    for (int step = 0; step < 40; step++) {
      int tokens = 0;
      for (PretrainingExample example : text.examples(step, step / 40.0, 4096)) {
        assertTrue(example.length() <= MAX_TOKENS, () -> words(example));
        tokens += example.length();
      }
      assertTrue(tokens >= 4096 && tokens < 4096 + MAX_TOKENS, "" + tokens);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REPEAT", "RANDOM_REPEAT", "CHOICE", "THEME", "TASTE"})
  void everyAnswerCanBeCopiedFromWhatStandsBeforeIt(Kind kind) {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 60; i++) {
      PretrainingExample example = text.example(kind, 2 + random.nextInt(19), random);
      assertTrue(example.answerStarts().length > 0);
      for (int answer = 0; answer < example.answerStarts().length; answer++) {
        int start = example.answerStarts()[answer];
        int end = example.answerEnds()[answer] - (kind == Kind.RANDOM_REPEAT ? 0 : 1);
        int[] wanted = Arrays.copyOfRange(example.tokens(), start, end);
        int[] before = Arrays.copyOf(example.tokens(), start);
        if (kind == Kind.REPEAT) {
          wanted = Arrays.copyOf(wanted, Math.min(5, wanted.length));
        }
        assertTrue(indexOf(before, wanted) >= 0, words(example));
      }
    }
  }

  private static int indexOf(int[] tokens, int[] wanted) {
    return IntStream.rangeClosed(0, tokens.length - wanted.length)
        .filter(at -> Arrays.equals(tokens, at, at + wanted.length, wanted, 0, wanted.length))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void onlyAnswersAreLearned() {
    SplittableRandom random = new SplittableRandom(5);
    PretrainingExample example = text.example(Kind.TASTE, 10, random);
    float[] expected = new float[example.length()];
    for (int answer = 0; answer < example.answerStarts().length; answer++) {
      Arrays.fill(expected, example.answerStarts()[answer], example.answerEnds()[answer], 1);
    }
    assertArrayEquals(expected, example.weights());
  }

  @ParameterizedTest
  @EnumSource(names = {"CHOICE", "THEME", "TASTE"})
  void aChoiceIsAmongTheDifferentFirstTokensOfTheList(Kind kind) {
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 40; i++) {
      PretrainingExample example = text.example(kind, 10, random);
      if (example.kind() != kind) {
        continue;
      }
      for (int answer = 0; answer < example.answerStarts().length; answer++) {
        int[] among = example.among()[answer];
        int first = example.tokens()[example.answerStarts()[answer]];
        assertEquals(1, Arrays.stream(among).filter(token -> token == first).count());
        assertEquals(among.length, Arrays.stream(among).distinct().count());
      }
    }
  }

  @Test
  void everyTitleOfATasteCarriesItsVector() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 40; i++) {
      PretrainingExample example = text.example(Kind.TASTE, 6, random);
      PretrainingExample.Vectors vectors = example.vectors();
      assertTrue(vectors.positions().length >= 7);
      for (int s = 0; s < vectors.positions().length; s++) {
        int token = example.tokens()[vectors.positions()[s]];
        assertEquals(!vectors.adds()[s], token == tokenizer.slot());
        assertEquals(GeneratedText.VECTOR_WIDTH, vectors.values()[vectors.rows()[s]].length);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInstructionHasOneOfTheListsTitlesForItsAnswer(Instruction.Form form) {
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 20; i++) {
      Instruction instruction = text.instruction(form, 20, random);
      assertEquals(form, instruction.form());
      assertEquals(20, instruction.titles().size());
      assertEquals(
          1,
          instruction.titles().stream()
              .filter(title -> Arrays.equals(title, instruction.answer()))
              .count());
    }
  }

  @Test
  void listsGrowWithTheTrainingAndVectorsComeAfterTheBeginning() {
    assertEquals(5, GeneratedOptions.DEFAULTS.longestList(0));
    assertEquals(20, GeneratedOptions.DEFAULTS.longestList(0.5));
    for (int step = 0; step < 10; step++) {
      for (PretrainingExample example : text.examples(step, 0, 2048)) {
        assertFalse(example.kind() == Kind.TASTE || example.kind() == Kind.THEME);
      }
    }
  }

  @Test
  void optionsOutsideTheirBoundsAreRefused() {
    assertEquals(
        "expected 0 <= beginning <= growth <= 1, got 0.5 and 0.4",
        assertThrows(
                IllegalArgumentException.class, () -> new GeneratedOptions(0.5, 0.4, 20, 0.5, 0))
            .getMessage());
    assertEquals(
        "longest must be above 5, got 5",
        assertThrows(IllegalArgumentException.class, () -> new GeneratedOptions(0, 0.4, 5, 0.5, 0))
            .getMessage());
  }

  private static List<Item> items(IntFunction<Map<String, String>> attributes) {
    return IntStream.range(0, 150)
        .mapToObj(i -> new Item(i, "k" + i, "Title " + i, attributes.apply(i)))
        .toList();
  }

  @Test
  void itemsOfWhichNothingIsKnownAreToldNoFacts() {
    List<Item> items =
        items(i -> i % 5 == 0 ? Map.of("genre", "amber") : Map.of(Item.TAGS, "live"));
    SplittableRandom random = new SplittableRandom(2);
    var some = CatalogueTitles.ofItems(items);
    var text = new GeneratedText(some, tokenizer, GeneratedOptions.CONTINUED, MAX_TOKENS, 1);
    int facts = 0;
    for (int i = 0; i < 20; i++) {
      PretrainingExample example = text.example(Kind.FACTS, 8, random);
      if (example.kind() == Kind.FACTS) {
        for (String line : words(example).strip().split("\n")) {
          assertTrue(line.strip().matches("Title \\d*[05] - amber"), line);
          facts++;
        }
      }
    }
    assertTrue(facts > 0);
    var none = CatalogueTitles.of(items.stream().map(Item::title).toList());
    text = new GeneratedText(none, tokenizer, GeneratedOptions.CONTINUED, MAX_TOKENS, 1);
    assertNotEquals(Kind.FACTS, text.example(Kind.FACTS, 8, random).kind());
  }

  @Test
  void factsTellAValueOfEachItemAndOnlyThoseAreLearned() {
    List<Item> items = items(i -> Map.of("genre", "amber|ember " + i % 7, Item.TAGS, "live"));
    GeneratedText catalogue =
        new GeneratedText(
            CatalogueTitles.ofItems(items), tokenizer, GeneratedOptions.CONTINUED, MAX_TOKENS, 1);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 20; i++) {
      PretrainingExample example = catalogue.example(Kind.FACTS, 8, random);
      String[] lines = words(example).strip().split("\n");
      assertTrue(lines.length >= 2 && lines.length <= 8);
      for (String line : lines) {
        int item = Integer.parseInt(line.strip().split(" ")[1]);
        assertTrue(line.endsWith(" - amber") || line.endsWith(" - ember " + item % 7), line);
      }
      for (int t = 0; t < example.length(); t++) {
        assertTrue(example.weights()[t] == 0 || example.weights()[t] == 1);
      }
    }
    assertEquals(
        Set.of(Kind.FACTS, Kind.CHOICE, Kind.REPEAT, Kind.TASTE),
        catalogue.examples(1, 1, 16_384).stream()
            .map(PretrainingExample::kind)
            .collect(java.util.stream.Collectors.toSet()));
  }

  @Test
  void aCatalogueTooSmallForAWorldIsRefused() {
    assertEquals(
        "expected at least 120 different titles, got 2",
        assertThrows(
                IllegalArgumentException.class,
                () -> CatalogueTitles.of(List.of("One", "Two", "One")))
            .getMessage());
  }
}
