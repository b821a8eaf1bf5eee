package dev.ilora.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KMeansTest {
  /** Points around well separated places; point i belongs to place i % sizes.length, as drawn. */
  private static float[][] around(int places, int points, long seed, int[] place) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] all = new float[points][3];
    for (int i = 0; i < points; i++) {
      // the lower a place's number, the more points it has
      int drawn = random.nextInt(places);
      place[i] = Math.min(drawn, random.nextInt(places));
      for (int d = 0; d < 3; d++) {
        all[i][d] = (float) (20 * ((place[i] >> d) & 1) + random.nextGaussian());
      }
    }
    return all;
  }

  @Test
  void separatePlacesAreFoundAndNumberedByTheirSize() {
    int[] place = new int[400];
    float[][] points = around(8, 400, 1, place);
    KMeans found = KMeans.of(points, 8, 7);
    int[] sizes = new int[8];
    for (int i = 0; i < 400; i++) {
      sizes[found.cluster()[i]]++;
      for (int j = 0; j < i; j++) {
        assertEquals(place[i] == place[j], found.cluster()[i] == found.cluster()[j]);
      }
    }
    for (int c = 1; c < 8; c++) {
      assertTrue(sizes[c - 1] >= sizes[c], Arrays.toString(sizes));
    }
  }

  @Test
  void fewPointsAreSplitAsWellAsAnySplitCan() {
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      float[][] points = new float[9][2];
      for (float[] point : points) {
        point[0] = (float) random.nextDouble();
        point[1] = (float) random.nextDouble();
      }
      assertEquals(leastSquares(points, 3), KMeans.of(points, 3, 1).squares(), 1e-9);
    }
  }

  /** The least sum of squares over every assignment of points to clusters. */
  private static double leastSquares(float[][] points, int count) {
    double least = Double.POSITIVE_INFINITY;
    for (int code = 0; code < Math.pow(count, points.length); code++) {
      int[] cluster = new int[points.length];
      for (int i = 0, rest = code; i < points.length; i++, rest /= count) {
        cluster[i] = rest % count;
      }
      least = Math.min(least, squares(points, cluster, count));
    }
    return least;
  }

  private static double squares(float[][] points, int[] cluster, int count) {
    double sum = 0;
    for (int c = 0; c < count; c++) {
      for (int d = 0; d < points[0].length; d++) {
        int n = 0;
        double total = 0;
        double squared = 0;
        for (int i = 0; i < points.length; i++) {
          if (cluster[i] == c) {
            n++;
            total += points[i][d];
            squared += points[i][d] * (double) points[i][d];
          }
        }
        sum += n == 0 ? 0 : squared - total * total / n;
      }
    }
    return sum;
  }

  @Test
  void theSameSeedGivesTheSameClusters() {
    float[][] points = around(8, 300, 5, new int[300]);
    KMeans once = KMeans.of(points, 5, 3);
    KMeans again = KMeans.of(points, 5, 3);
    assertArrayEquals(once.cluster(), again.cluster());
    assertEquals(once.squares(), again.squares());
  }

  @Test
  void fewerDifferentPointsThanClustersGiveFewerClusters() {
    float[][] points = {{1, 1}, {2, 2}, {1, 1}, {1, 1}};
    KMeans found = KMeans.of(points, 8, 1);
    assertArrayEquals(new int[] {0, 1, 0, 0}, found.cluster());
    assertEquals(0, found.squares());
  }

  @Test
  void refusesWhatCannotBeClustered() {
    assertRefused("no points to cluster", new float[0][], 2);
    assertRefused("clusters: expected at least 1, got 0", new float[1][2], 0);
    assertRefused("point 1 has 3 values, the first has 2", new float[][] {{1, 2}, {1, 2, 3}}, 2);
  }

  private static void assertRefused(String message, float[][] points, int count) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> KMeans.of(points, count, 1))
            .getMessage());
  }
}
