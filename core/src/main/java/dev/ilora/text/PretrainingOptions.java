package dev.ilora.text;

/**
 * How {@link PretrainingText} mixes its examples, and how its lists grow.
 *
 * <p>Training begins with copying and facts: a small model that is asked to choose from lists
 * before it can copy learns neither. Then choosing is added, from ever longer lists.
 *
 * @param beginning the mix at the beginning
 * @param beginningShare share of the training the beginning takes, 0 to 1
 * @param mix the mix after the beginning
 * @param shortestList titles in a list at first, at least 2; up to two more during the beginning
 * @param longestList titles in a list at the end, at least {@code shortestList + 2}
 * @param growthShare share of the training at which lists have grown to the longest, from {@code
 *     beginningShare} to 1
 * @param longestHistory most titles in the history of a frame, at least 1
 * @param questionsPerList questions asked about one list, at least 1
 * @param repeats how often a repeated list is said, at least 2
 * @param contextWeight target weight of tokens that are not part of an answer, 0 to 1
 */
public record PretrainingOptions(
    PretrainingMix beginning,
    double beginningShare,
    PretrainingMix mix,
    int shortestList,
    int longestList,
    double growthShare,
    int longestHistory,
    int questionsPerList,
    int repeats,
    double contextWeight) {
  private static final int BEGINNING_GROWTH = 2;

  /** Refuses what lies outside the stated bounds, naming it. */
  public PretrainingOptions {
    within("beginningShare", beginningShare, 0);
    within("growthShare", growthShare, beginningShare);
    within("contextWeight", contextWeight, 0);
    atLeast("shortestList", shortestList, 2);
    atLeast("longestList", longestList, shortestList + BEGINNING_GROWTH);
    atLeast("longestHistory", longestHistory, 1);
    atLeast("questionsPerList", questionsPerList, 1);
    atLeast("repeats", repeats, 2);
  }

  private static void within(String name, double value, double low) {
    if (!(value >= low && value <= 1)) {
      throw new IllegalArgumentException("%s must be %s to 1, got %s".formatted(name, low, value));
    }
  }

  private static void atLeast(String name, int value, int bound) {
    if (value < bound) {
      throw new IllegalArgumentException(
          "%s must be at least %d, got %d".formatted(name, bound, value));
    }
  }

  /** Returns copying and facts for the first fifth, then mostly choosing from up to 20 titles. */
  public static PretrainingOptions defaults() {
    return new PretrainingOptions(
        new PretrainingMix(0.3, 0.6, 0.1, 0, 0, 0),
        0.2,
        new PretrainingMix(0.2, 0.1, 0, 0.4, 0.2, 0.1),
        2,
        20,
        0.7,
        10,
        8,
        3,
        0.0);
  }

  /** Returns what a model that can choose and copy goes on with: facts and lists of all lengths. */
  public static PretrainingOptions continued() {
    return new PretrainingOptions(
        new PretrainingMix(0.3, 0, 0, 0.3, 0.2, 0.2),
        0,
        new PretrainingMix(0.3, 0, 0, 0.3, 0.2, 0.2),
        2,
        20,
        0,
        10,
        8,
        3,
        0.0);
  }

  /** The mix when a share of the training, 0 to 1, is done. */
  PretrainingMix mix(double progress) {
    return progress < beginningShare ? beginning : mix;
  }

  /** The longest list when a share of the training, 0 to 1, is done. */
  int longestList(double progress) {
    int first = shortestList + BEGINNING_GROWTH;
    if (progress < beginningShare) {
      return first;
    }
    if (progress >= growthShare) {
      return longestList;
    }
    double grown = (progress - beginningShare) / (growthShare - beginningShare);
    return (int) Math.round(first + grown * (longestList - first));
  }
}
