package dev.ilora.study;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * K-means: points put into clusters so that squared distances to the clusters' means are small.
 *
 * <p>Source: Lloyd, Least squares quantization in PCM, 1982; first centres by k-means++ (Arthur and
 * Vassilvitskii, 2007). Of several restarts the one with the smallest sum of squares counts.
 *
 * @param cluster cluster of each point, from 0; clusters are numbered from the largest to the
 *     smallest, of equal ones the one with the earlier first point first
 * @param squares sum over all points of the squared distance to the mean of their cluster
 */
record KMeans(int[] cluster, double squares) {
  private static final int RESTARTS = 10;
  private static final int MOST_ROUNDS = 100;

  /**
   * Clusters points.
   *
   * @param points (N, D), at least one
   * @param count clusters wanted; there are fewer where fewer points differ
   * @param seed the same points and seed give the same clusters
   * @throws IllegalArgumentException if there are no points, they differ in width, or count is
   *     below 1
   */
  static KMeans of(float[][] points, int count, long seed) {
    requirePoints(points, count);
    SplittableRandom random = new SplittableRandom(seed);
    KMeans best = null;
    for (int restart = 0; restart < RESTARTS; restart++) {
      KMeans found = descend(points, firstCentres(points, count, random.split()));
      best = best == null || found.squares < best.squares ? found : best;
    }
    return best.numberedBySize();
  }

  private static void requirePoints(float[][] points, int count) {
    if (points.length == 0) {
      throw new IllegalArgumentException("no points to cluster");
    }
    if (count < 1) {
      throw new IllegalArgumentException("clusters: expected at least 1, got " + count);
    }
    for (int i = 0; i < points.length; i++) {
      if (points[i].length != points[0].length) {
        throw new IllegalArgumentException(
            "point %s has %s values, the first has %s"
                .formatted(i, points[i].length, points[0].length));
      }
    }
  }

  /** Each next centre is a point drawn by its squared distance to the nearest one so far. */
  private static double[][] firstCentres(float[][] points, int count, SplittableRandom random) {
    double[][] centres = new double[count][];
    double[] nearest = new double[points.length];
    Arrays.fill(nearest, 1);
    for (int c = 0; c < count; c++) {
      double sum = Arrays.stream(nearest).sum();
      if (sum == 0) {
        return Arrays.copyOf(centres, c);
      }
      centres[c] = exact(points[drawn(nearest, random.nextDouble(sum))]);
      for (int i = 0; i < points.length; i++) {
        double distance = squaredDistance(points[i], centres[c]);
        nearest[i] = c == 0 ? distance : Math.min(nearest[i], distance);
      }
    }
    return centres;
  }

  private static int drawn(double[] weights, double at) {
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        at -= weights[i];
        if (at < 0) {
          return i;
        }
      }
    }
    // rounding may leave a rest behind the last point
    return last;
  }

  private static KMeans descend(float[][] points, double[][] centres) {
    int[] cluster = new int[points.length];
    Arrays.fill(cluster, -1);
    for (int round = 0; round < MOST_ROUNDS && assign(points, centres, cluster); round++) {
      move(points, cluster, centres);
    }
    assign(points, centres, cluster);
    double squares =
        IntStream.range(0, points.length)
            .mapToDouble(i -> squaredDistance(points[i], centres[cluster[i]]))
            .sum();
    return new KMeans(cluster, squares);
  }

  /** Gives each point its nearest centre, of equal ones the first; whether any changed. */
  private static boolean assign(float[][] points, double[][] centres, int[] cluster) {
    boolean changed = false;
    for (int i = 0; i < points.length; i++) {
      int nearest = nearest(points[i], centres);
      changed |= nearest != cluster[i];
      cluster[i] = nearest;
    }
    return changed;
  }

  private static int nearest(float[] point, double[][] centres) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < centres.length; c++) {
      double distance = squaredDistance(point, centres[c]);
      if (distance < least) {
        least = distance;
        nearest = c;
      }
    }
    return nearest;
  }

  /** Moves each centre to the mean of its points; one without points stays. */
  private static void move(float[][] points, int[] cluster, double[][] centres) {
    double[][] sums = new double[centres.length][points[0].length];
    int[] sizes = new int[centres.length];
    for (int i = 0; i < points.length; i++) {
      sizes[cluster[i]]++;
      for (int d = 0; d < points[i].length; d++) {
        sums[cluster[i]][d] += points[i][d];
      }
    }
    for (int c = 0; c < centres.length; c++) {
      for (int d = 0; sizes[c] > 0 && d < centres[c].length; d++) {
        centres[c][d] = sums[c][d] / sizes[c];
      }
    }
  }

  private KMeans numberedBySize() {
    int found = Arrays.stream(cluster).max().orElseThrow() + 1;
    int[] sizes = new int[found];
    int[] first = new int[found];
    for (int i = cluster.length - 1; i >= 0; i--) {
      sizes[cluster[i]]++;
      first[cluster[i]] = i;
    }
    int[] number = new int[found];
    int next = 0;
    for (int c :
        IntStream.range(0, found)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(c -> -sizes[c]).thenComparingInt(c -> first[c]))
            .toList()) {
      number[c] = next++;
    }
    return new KMeans(Arrays.stream(cluster).map(c -> number[c]).toArray(), squares);
  }

  private static double squaredDistance(float[] point, double[] centre) {
    double sum = 0;
    for (int d = 0; d < point.length; d++) {
      double difference = point[d] - centre[d];
      sum += difference * difference;
    }
    return sum;
  }

  private static double[] exact(float[] point) {
    return IntStream.range(0, point.length).mapToDouble(d -> point[d]).toArray();
  }
}
