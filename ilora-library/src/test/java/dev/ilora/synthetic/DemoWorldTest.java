package dev.ilora.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.UserSequence;
import dev.ilora.data.atomic.DatasetFolder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class DemoWorldTest {
  private final Dataset world = DemoWorld.generate(7);
  private final Split split = new SplitRule.UsersByTime().apply(world, 10);
  private final List<Case> rows = split.rows(Part.TEST, Positions.EVERY, 3);
  private final CandidateFile candidates = CandidateFile.draw(rows, world, 20, 7);
  private final Map<String, UserSequence> users = world.usersByKey();

  @Test
  void isTheSameForTheSameSeedAlone() {
    assertEquals(DatasetFolder.hash(world), DatasetFolder.hash(DemoWorld.generate(7)));
    assertNotEquals(DatasetFolder.hash(world), DatasetFolder.hash(DemoWorld.generate(8)));
  }

  @Test
  void hasTheStatedSize() {
    assertEquals(400, world.users().size());
    assertEquals(300, world.itemCount());
    assertEquals(300, new HashSet<>(world.titles()).size());
    Map<String, Integer> cells = new HashMap<>();
    world.items().forEach(i -> cells.merge(i.attributes().toString(), 1, Integer::sum));
    assertEquals(100, cells.size());
    assertTrue(cells.values().stream().allMatch(c -> c == 3), cells.toString());
    for (UserSequence user : world.users()) {
      assertTrue(user.length() >= 18 && user.length() <= 30);
      assertEquals(user.length(), Arrays.stream(user.items()).distinct().count());
    }
  }

  @Test
  void everyGroupPicksWhatTheOthersAvoid() {
    int[] history = {17};
    Map<DemoWorld.Group, double[]> next = new EnumMap<>(DemoWorld.Group.class);
    for (DemoWorld.Group group : DemoWorld.Group.values()) {
      next.put(group, DemoWorld.nextProbabilities(group, history));
      assertEquals(1, Arrays.stream(next.get(group)).sum(), 1e-12);
    }
    for (int item = 0; item < 300; item++) {
      int i = item;
      long likely = next.values().stream().filter(p -> p[i] > DemoWorld.NOISE / 299 * 2).count();
      assertTrue(likely <= 1, "item " + item);
    }
  }

  @Test
  void theOracleIsGoodPopularityIsNotAndGuessingTheGroupHelps() {
    double oracle = hitRate(row -> DemoWorld.nextProbabilities(groupOf(row), row.history()));
    double[] counts = Arrays.stream(split.trainCounts()).asDoubleStream().toArray();
    double popularity = hitRate(row -> counts);
    double guessed = hitRate(row -> DemoWorld.nextProbabilities(guess(row), row.history()));
    double averaged = hitRate(DemoWorldTest::averaged);
    String rates =
        "oracle %.3f, group guessed %.3f, groups averaged %.3f, popularity %.3f over %d rows"
            .formatted(oracle, guessed, averaged, popularity, rows.size());
    assertTrue(oracle > 0.7 && oracle < 0.85, rates);
    assertTrue(guessed > oracle - 0.08, rates);
    assertTrue(averaged < guessed - 0.15, rates);
    assertTrue(popularity < 0.15, rates);
  }

  private DemoWorld.Group groupOf(Case row) {
    return DemoWorld.Group.of(users.get(row.user()));
  }

  /** The group whose rule makes the history most likely. */
  private static DemoWorld.Group guess(Case row) {
    DemoWorld.Group best = DemoWorld.Group.RISERS;
    double bestLogLikelihood = Double.NEGATIVE_INFINITY;
    for (DemoWorld.Group group : DemoWorld.Group.values()) {
      double sum = 0;
      for (int p = 1; p < row.history().length; p++) {
        int[] before = Arrays.copyOf(row.history(), p);
        sum += Math.log(DemoWorld.nextProbabilities(group, before)[row.history()[p]]);
      }
      if (sum > bestLogLikelihood) {
        bestLogLikelihood = sum;
        best = group;
      }
    }
    return best;
  }

  private static double[] averaged(Case row) {
    double[] sum = new double[300];
    for (DemoWorld.Group group : DemoWorld.Group.values()) {
      double[] probabilities = DemoWorld.nextProbabilities(group, row.history());
      Arrays.setAll(sum, i -> sum[i] + probabilities[i]);
    }
    return sum;
  }

  /** HR@1 among the candidates; ties count as misses. */
  private double hitRate(Function<Case, double[]> scores) {
    int hits = 0;
    List<Case> complete = candidates.of(rows);
    for (int r = 0; r < rows.size(); r++) {
      Case row = rows.get(r);
      double[] score = scores.apply(row);
      boolean best = true;
      for (int item : complete.get(r).candidates()) {
        best &= item == row.target() || score[item] < score[row.target()];
      }
      hits += best ? 1 : 0;
    }
    return (double) hits / rows.size();
  }
}
