package dev.ilora.synthetic;

import dev.ilora.Randomness;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A small world: items with titles, a value of one attribute, and vectors; users whose taste is a
 * direction among the vectors and may drift.
 *
 * <p>N items, E width of a vector. Vectors have a root mean square of 1 over the world. They gather
 * in groups within few directions, which every world has others of, as trained item embeddings do.
 */
final class GeneratedWorld {
  static final int ITEMS = 120;
  private static final int VALUES = 24;
  private static final int BRIEF_TRIES = 10;

  /** Words that several titles begin with, and one in so many titles that does. */
  private static final int SERIES = 8;

  private static final int IN_SERIES = 6;

  private final Wording wording;
  private final String[] titles;
  private final int[][] tokens;
  private final String[] values;
  private final boolean[] facts;
  private final float[][] vectors;
  private final double sharpness;
  private final double constancy;

  private GeneratedWorld(
      Wording wording,
      String[] titles,
      int[][] tokens,
      String[] values,
      boolean[] facts,
      float[][] vectors,
      double sharpness,
      double constancy) {
    this.wording = wording;
    this.titles = titles;
    this.tokens = tokens;
    this.values = values;
    this.facts = facts;
    this.vectors = vectors;
    this.sharpness = sharpness;
    this.constancy = constancy;
  }

  static GeneratedWorld draw(
      TitleSource source, boolean brief, Phrases phrases, int vectorWidth, RandomGenerator random) {
    String[] titles = new String[ITEMS];
    int[][] tokens = new int[ITEMS][];
    String[] series = new String[source.inventive() ? SERIES : 0];
    for (int i = 0; i < series.length; i++) {
      series[i] = source.brief(random);
    }
    Set<String> used = new HashSet<>();
    for (int item = 0; item < ITEMS; item++) {
      int tries = 0;
      do {
        // Of few words there are few brief titles, but no end of others.
        if (brief && tries++ < BRIEF_TRIES) {
          titles[item] = source.brief(random);
        } else if (series.length > 0 && random.nextInt(IN_SERIES) == 0) {
          titles[item] = source.beginning(series[random.nextInt(SERIES)], random);
        } else {
          titles[item] = source.draw(random);
        }
      } while (!used.add(titles[item]));
      tokens[item] = phrases.once(" " + titles[item]);
    }
    String[] values = new String[VALUES];
    for (int value = 0; value < VALUES; value++) {
      values[value] =
          value % 4 == 0 ? Integer.toString(1930 + random.nextInt(95)) : source.word(random);
    }
    String[] valueOf = new String[ITEMS];
    boolean[] facts = new boolean[ITEMS];
    for (int item = 0; item < ITEMS; item++) {
      Optional<String> known = source.value(titles[item], random);
      facts[item] = source.inventive() || known.isPresent();
      valueOf[item] = known.orElse(values[random.nextInt(VALUES)]);
    }
    return new GeneratedWorld(
        Wording.draw(random),
        titles,
        tokens,
        valueOf,
        facts,
        vectors(vectorWidth, random),
        8 + 22 * random.nextDouble(),
        random.nextInt(3) == 0 ? 1 : 0.5 + 0.5 * random.nextDouble());
  }

  private static float[][] vectors(int width, RandomGenerator random) {
    int directions = 6 + random.nextInt(Math.max(1, width - 15));
    double[][] mixing = gaussians(directions, width, random);
    double[][] groups = gaussians(3 + random.nextInt(14), directions, random);
    double together = 0.9 * random.nextDouble();
    double[] offset = gaussians(1, width, random)[0];
    double shift = random.nextBoolean() ? 0 : 0.5 * random.nextDouble() * Math.sqrt(directions);
    float[][] vectors = new float[ITEMS][width];
    double square = 0;
    for (float[] vector : vectors) {
      double[] group = groups[random.nextInt(groups.length)];
      double size = Math.exp(0.25 * random.nextGaussian());
      for (int i = 0; i < width; i++) {
        vector[i] = (float) (shift * offset[i]);
      }
      for (int d = 0; d < directions; d++) {
        double own =
            together * group[d] + Math.sqrt(1 - together * together) * random.nextGaussian();
        for (int i = 0; i < width; i++) {
          vector[i] += (float) (size * own * mixing[d][i]);
        }
      }
      for (float value : vector) {
        square += value * value;
      }
    }
    float scale = (float) Math.sqrt(ITEMS * width / square);
    for (float[] vector : vectors) {
      for (int i = 0; i < width; i++) {
        vector[i] *= scale;
      }
    }
    return vectors;
  }

  private static double[][] gaussians(int rows, int columns, RandomGenerator random) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = random.nextGaussian();
      }
    }
    return values;
  }

  Wording wording() {
    return wording;
  }

  int size() {
    return titles.length;
  }

  String title(int item) {
    return titles[item];
  }

  /** Tokens of a title, the leading space included. */
  int[] tokens(int item) {
    return tokens[item];
  }

  String value(int item) {
    return values[item];
  }

  /** Whether an item's value is a fact: a catalogue's item may have none, and is lent one. */
  boolean isFact(int item) {
    return facts[item];
  }

  float[] vector(int item) {
    return vectors[item];
  }

  /**
   * What a user chose, one after the other: a taste is drawn, and each choice falls on an item the
   * more likely the more its vector points there; between choices the taste drifts.
   *
   * @param count so many different items
   */
  Choices choices(int count, RandomGenerator random) {
    int width = vectors[0].length;
    double[] taste = direction(random);
    int[] chosen = new int[count];
    int[] all = java.util.stream.IntStream.range(0, vectors.length).toArray();
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < count; i++) {
      chosen[i] = choose(taste, all, taken, random);
      taken.add(chosen[i]);
      double[] other = direction(random);
      double drift = Math.sqrt(1 - constancy * constancy);
      for (int d = 0; d < width; d++) {
        taste[d] = constancy * taste[d] + drift * other[d];
      }
    }
    return new Choices(chosen, taste);
  }

  /**
   * What a user chose.
   *
   * @param items oldest first
   * @param taste what the next choice depends on, E wide
   */
  record Choices(int[] items, double[] taste) {}

  /** What a recommender would know of a user's taste, a vector like items' with some error. */
  float[] summary(Choices choices, RandomGenerator random) {
    double error = 0.7 * random.nextDouble();
    double[] other = direction(random);
    double[] noisy = new double[other.length];
    for (int d = 0; d < noisy.length; d++) {
      noisy[d] = choices.taste[d] + error * other[d];
    }
    double scale = 0.7 + 0.7 * random.nextDouble();
    double[] unit = normalised(noisy);
    float[] summary = new float[unit.length];
    for (int d = 0; d < unit.length; d++) {
      summary[d] = (float) (scale * unit[d]);
    }
    return summary;
  }

  /** The next choice of a user from a list, none of which was chosen before; -1 if all were. */
  int next(Choices choices, int[] list, RandomGenerator random) {
    Set<Integer> taken = new HashSet<>();
    for (int item : choices.items) {
      taken.add(item);
    }
    return choose(choices.taste, list, taken, random);
  }

  /** The mean of a few items' vectors, so that it lies where items do, of root mean square 1. */
  private double[] direction(RandomGenerator random) {
    double[] direction = new double[vectors[0].length];
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      float[] vector = vectors[random.nextInt(vectors.length)];
      for (int d = 0; d < direction.length; d++) {
        direction[d] += vector[d];
      }
    }
    return normalised(direction);
  }

  /** Scales to a root mean square of 1, in place. */
  private static double[] normalised(double[] vector) {
    double square = 0;
    for (double value : vector) {
      square += value * value;
    }
    double scale = Math.sqrt(vector.length / Math.max(square, 1e-12));
    for (int d = 0; d < vector.length; d++) {
      vector[d] *= scale;
    }
    return vector;
  }

  private int choose(double[] taste, int[] list, Set<Integer> taken, RandomGenerator random) {
    int best = -1;
    double most = Double.NEGATIVE_INFINITY;
    for (int item : list) {
      double likeness = 0;
      for (int d = 0; d < taste.length; d++) {
        likeness += taste[d] * vectors[item][d];
      }
      // The largest of scores with Gumbel noise falls on each item with its softmax share.
      double noise = -Math.log(-Math.log(random.nextDouble() + 1e-12));
      double score = sharpness * likeness / taste.length + noise;
      if (score > most && !taken.contains(item)) {
        most = score;
        best = item;
      }
    }
    return best;
  }

  /** Draws different items. */
  int[] sample(int count, RandomGenerator random) {
    return Randomness.sample(size(), count, random);
  }

  /** The first items of a list whose titles fit into so many tokens, two at least. */
  int[] fitting(int[] list, int room) {
    int tokens = 0;
    int count = 0;
    while (count < list.length && tokens + tokens(list[count]).length + 4 <= room) {
      tokens += tokens(list[count++]).length + 4;
    }
    return Arrays.copyOf(list, Math.max(2, count));
  }

  /** The tokens of items' titles. */
  List<int[]> titles(int[] items) {
    return IntStream.of(items).mapToObj(this::tokens).toList();
  }
}
