package dev.ilora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Everything random follows from a seed that the caller gives. This class derives the streams of
 * random numbers, puts things into random order and samples; nothing else does.
 *
 * <p>New code uses {@link #at(long, String, long)}. The other derivations are older. Published
 * results, frozen candidates and the released base model were made with them, so they stay as they
 * are, each in one place.
 *
 * <p><b>Streams that overlap.</b> {@link SplittableRandom} adds a constant, its increment, to its
 * state for every number it draws. Two generators whose seeds are a small multiple of that
 * increment apart therefore draw the same numbers, only shifted. A derivation is safe against this
 * if it mixes its result before a generator starts from it:
 *
 * <ul>
 *   <li>safe: {@link #at(long, String, long)}, {@link #at(long, long)}, {@link #stepSeed}, {@link
 *       #recommenderSeed}
 *   <li>not safe: {@link #ofCase}. Of the first 100,000 cases no two are within 64 numbers of each
 *       other for the seeds 0 to 99, but such cases exist for other seeds
 *   <li>not mixed, but for a generator whose neighbouring seeds give unrelated streams ({@link
 *       #initialWeights}): {@link #partSeed}, {@link #baseProjectorSeed}, {@link #ofUser}
 * </ul>
 */
public final class Randomness {
  /** The increment of {@link SplittableRandom}: 2^64 divided by the golden ratio. */
  private static final long INCREMENT = 0x9E3779B97F4A7C15L;

  private static final long STEP_OFFSET = 0x632BE59BD9B4E019L;
  private static final long FIRST_HASH = 1125899906842597L;

  /** The highest seed of a recipe: whole numbers up to here survive every reader of JSON. */
  public static final long MOST_SEED = 1L << 53;

  private Randomness() {}

  /**
   * Returns the random numbers of one place of a stream: they are those of no other seed, purpose
   * or place, nor shifted ones.
   *
   * @param purpose what they are for, in words; the same everywhere in one stream
   * @param index of the place: a step, a case, an epoch
   */
  public static RandomGenerator at(long seed, String purpose, long index) {
    return at(at(seed, hash(purpose)).nextLong(), index);
  }

  /**
   * A number of 40 bits drawn for a user and an item. Things in the order of their lots are in
   * random order, which is the same in whatever order they were given.
   */
  public static long lot(long seed, String user, long item) {
    return mix(mix(seed ^ FIRST_HASH) ^ mix(mix(hash(user)) + item)) >>> 24;
  }

  // ---- derivations that published results depend on

  /** The random numbers of one step of the texts that a base model is taught with. */
  public static RandomGenerator at(long seed, long index) {
    // Mixed twice: the place, so that places next to each other are far apart, and the sum.
    long place = new SplittableRandom(index).nextLong();
    return new SplittableRandom(new SplittableRandom(seed ^ place).nextLong());
  }

  /** The seed of one training step or epoch of a language model, at least 0. */
  public static long stepSeed(long seed, long step) {
    return mix((seed * INCREMENT) ^ (step + STEP_OFFSET)) >>> 1;
  }

  /**
   * The seed of one epoch's order (number from 0) or one micro-batch's dropout (number below 0) in
   * the training of a recommender.
   */
  public static long recommenderSeed(long seed, long number) {
    return new SplittableRandom(seed * INCREMENT + number).nextLong();
  }

  /**
   * The random numbers that draw one case's candidates: the same whatever other cases there are.
   *
   * @param index number of the case
   */
  public static RandomGenerator ofCase(long seed, int index) {
    return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ (index * INCREMENT));
  }

  /**
   * The seed of the first values of one part of a model, for {@link #initialWeights}. Part p of
   * seed s has the seed 10 s + p, which another run may have as its own seed; no two parts of one
   * run share numbers.
   *
   * @param part 0 to 9
   */
  public static long partSeed(long seed, int part) {
    if (part < 0 || part > 9) {
      throw new IllegalArgumentException("part: expected 0 to 9, got " + part);
    }
    return seed * 10 + part;
  }

  /** The seed of the projector that a base model is taught with: the weights' seed and six. */
  public static long baseProjectorSeed(long seed) {
    return seed + 6;
  }

  /**
   * The random numbers of one user by name, the same in every order of users. Two names can share
   * their numbers: {@code Aa} and {@code BB} do, and so can one user in one seed and another in the
   * next seed.
   */
  public static RandomGenerator ofUser(long seed, String user) {
    return initialWeights(seed * 31 + hash(user));
  }

  /** The generator of first weights: neighbouring seeds give unrelated numbers. */
  public static RandomGenerator initialWeights(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** A polynomial in 31 as {@link String#hashCode}, in 64 bits. */
  private static long hash(String text) {
    long hash = FIRST_HASH;
    for (int i = 0; i < text.length(); i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  /** A random-looking number that each number has for itself: the finaliser of SplitMix64. */
  public static long mix(long number) {
    long a = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  // ---- order and samples

  /** Puts the values into random order, every order equally likely (Fisher and Yates). */
  public static void shuffle(int[] values, RandomGenerator random) {
    for (int i = values.length - 1; i > 0; i--) {
      swap(values, i, random.nextInt(i + 1));
    }
  }

  /** Returns the same elements in random order, every order equally likely. */
  public static <T> List<T> shuffled(List<T> list, RandomGenerator random) {
    List<T> order = new ArrayList<>(list);
    for (int i = order.size() - 1; i > 0; i--) {
      Collections.swap(order, i, random.nextInt(i + 1));
    }
    return order;
  }

  /** Returns 0 to count - 1 in random order, every order equally likely. */
  public static int[] order(int count, RandomGenerator random) {
    int[] order = numbers(count);
    shuffle(order, random);
    return order;
  }

  /**
   * Returns different numbers below a bound, in random order, every choice equally likely.
   *
   * @param count how many, at most {@code bound}
   */
  public static int[] sample(int bound, int count, RandomGenerator random) {
    if (count < 0 || count > bound) {
      throw new IllegalArgumentException(
          "sample size: expected 0 to %s, got %s".formatted(bound, count));
    }
    int[] numbers = numbers(bound);
    for (int i = 0; i < count; i++) {
      swap(numbers, i, random.nextInt(i, bound));
    }
    return Arrays.copyOf(numbers, count);
  }

  private static int[] numbers(int count) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> i);
    return numbers;
  }

  private static void swap(int[] values, int i, int j) {
    int value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}
