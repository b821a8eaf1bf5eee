package dev.ilora.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedWorldTest {
  private static final int WIDTH = 64;

  @TempDir Path folder;

  @Test
  void vectorsHaveUnitSizeAndTitlesDiffer() throws IOException {
    try (Tokenizer tokenizer = Made.tokenizer(folder)) {
      GeneratedWorld world = world(tokenizer, 4);
      double square = 0;
      Set<String> titles = new HashSet<>();
      for (int item = 0; item < world.size(); item++) {
        titles.add(world.title(item));
        for (float value : world.vector(item)) {
          square += value * value;
        }
      }
      assertEquals(world.size(), titles.size());
      assertEquals(1, square / world.size() / WIDTH, 1e-4);
    }
  }

  @Test
  void aWorldOfBriefTitlesIsFilledWithOthersWhereWordsAreFew() throws IOException {
    try (Tokenizer tokenizer = Made.tokenizer(folder)) {
      Path few = Files.write(folder.resolve("few"), List.of("day", "night"));
      GeneratedWorld world =
          GeneratedWorld.draw(
              new TitleMaker(WordList.read(List.of(few))),
              true,
              new Phrases(tokenizer),
              WIDTH,
              new SplittableRandom(1));
      assertEquals(
          GeneratedWorld.ITEMS,
          IntStream.range(0, world.size()).mapToObj(world::title).distinct().count());
    }
  }

  /** Of 20 candidates, the one nearest to the taste; chance is a twentieth. */
  @Test
  void usersChooseWhatTheirTastePointsAtAndHistoriesTellTheTaste() throws IOException {
    try (Tokenizer tokenizer = Made.tokenizer(folder)) {
      int byTaste = 0;
      int bySummary = 0;
      int byHistory = 0;
      int users = 0;
      for (int seed = 0; seed < 30; seed++) {
        GeneratedWorld world = world(tokenizer, seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10; i++, users++) {
          GeneratedWorld.Choices choices = world.choices(6, random);
          assertEquals(6, Arrays.stream(choices.items()).distinct().count());
          int[] others =
              IntStream.range(0, world.size())
                  .filter(item -> Arrays.stream(choices.items()).noneMatch(c -> c == item))
                  .limit(20)
                  .toArray();
          int next = world.next(choices, others, random);
          byTaste += next == nearest(world, others, choices.taste()) ? 1 : 0;
          bySummary += next == nearest(world, others, doubles(world, choices, random)) ? 1 : 0;
          byHistory += next == nearest(world, others, sum(world, choices)) ? 1 : 0;
        }
      }
      assertTrue(byTaste > 0.6 * users, byTaste + " of " + users);
      assertTrue(bySummary > 0.5 * users && bySummary < byTaste, bySummary + " of " + users);
      assertTrue(byHistory > 0.15 * users && byHistory < bySummary, byHistory + " of " + users);
    }
  }

  private static double[] doubles(
      GeneratedWorld world, GeneratedWorld.Choices choices, SplittableRandom random) {
    float[] summary = world.summary(choices, random);
    return IntStream.range(0, summary.length).mapToDouble(i -> summary[i]).toArray();
  }

  private static double[] sum(GeneratedWorld world, GeneratedWorld.Choices choices) {
    double[] sum = new double[WIDTH];
    for (int item : choices.items()) {
      for (int d = 0; d < WIDTH; d++) {
        sum[d] += world.vector(item)[d];
      }
    }
    return sum;
  }

  private static int nearest(GeneratedWorld world, int[] items, double[] direction) {
    int best = -1;
    double most = Double.NEGATIVE_INFINITY;
    for (int item : items) {
      double likeness = 0;
      for (int d = 0; d < WIDTH; d++) {
        likeness += direction[d] * world.vector(item)[d];
      }
      if (likeness > most) {
        most = likeness;
        best = item;
      }
    }
    return best;
  }

  private GeneratedWorld world(Tokenizer tokenizer, long seed) throws IOException {
    return GeneratedWorld.draw(
        new TitleMaker(Made.words(folder)),
        false,
        new Phrases(tokenizer),
        WIDTH,
        new SplittableRandom(seed));
  }
}
