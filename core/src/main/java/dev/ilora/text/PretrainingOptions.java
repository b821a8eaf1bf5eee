package dev.ilora.text;

/**
 * How {@link PretrainingText} mixes its examples, and how its lists grow.
 *
 * @param sentence weight of {@link PretrainingExample.Kind#SENTENCE}; the six weights are relative
 * @param repeat weight of {@link PretrainingExample.Kind#REPEAT}
 * @param randomRepeat weight of {@link PretrainingExample.Kind#RANDOM_REPEAT}
 * @param choice weight of {@link PretrainingExample.Kind#CHOICE}
 * @param theme weight of {@link PretrainingExample.Kind#THEME}
 * @param similar weight of {@link PretrainingExample.Kind#SIMILAR}
 * @param shortestList titles in a list at the beginning, at least 2
 * @param longestList titles in a list at the end, at least {@code shortestList}
 * @param growthShare share of the training during which lists grow, above 0 to 1
 * @param longestHistory most titles in the history of a frame, at least 1
 * @param questionsPerList questions asked about one list, at least 1
 * @param repeats how often a repeated list is said, at least 2
 * @param contextWeight target weight of tokens that are not part of an answer, 0 to 1
 */
public record PretrainingOptions(
    double sentence,
    double repeat,
    double randomRepeat,
    double choice,
    double theme,
    double similar,
    int shortestList,
    int longestList,
    double growthShare,
    int longestHistory,
    int questionsPerList,
    int repeats,
    double contextWeight) {
  /** Refuses what lies outside the stated bounds, naming it. */
  public PretrainingOptions {
    double sum = sentence + repeat + randomRepeat + choice + theme + similar;
    double least =
        Math.min(
            Math.min(Math.min(sentence, repeat), Math.min(randomRepeat, choice)),
            Math.min(theme, similar));
    if (!(least >= 0 && sum > 0 && sum < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "weights must be finite, none below 0 and not all 0, got %s, %s, %s, %s, %s, %s"
              .formatted(sentence, repeat, randomRepeat, choice, theme, similar));
    }
    atLeast("shortestList", shortestList, 2);
    atLeast("longestList", longestList, shortestList);
    atLeast("longestHistory", longestHistory, 1);
    atLeast("questionsPerList", questionsPerList, 1);
    atLeast("repeats", repeats, 2);
    if (!(growthShare > 0 && growthShare <= 1)) {
      throw new IllegalArgumentException("growthShare must be above 0 to 1, got " + growthShare);
    }
    if (!(contextWeight >= 0 && contextWeight <= 1)) {
      throw new IllegalArgumentException("contextWeight must be 0 to 1, got " + contextWeight);
    }
  }

  private static void atLeast(String name, int value, int bound) {
    if (value < bound) {
      throw new IllegalArgumentException(
          "%s must be at least %d, got %d".formatted(name, bound, value));
    }
  }

  /** Returns the options that served best on the demo world and MovieLens. */
  public static PretrainingOptions defaults() {
    return new PretrainingOptions(0.2, 0.1, 0.05, 0.35, 0.2, 0.1, 2, 20, 0.5, 10, 8, 3, 0.0);
  }

  double[] weights() {
    return new double[] {sentence, repeat, randomRepeat, choice, theme, similar};
  }

  /** The longest list when a share of the training, 0 to 1, is done. */
  int longestList(double progress) {
    double grown = Math.min(1, progress / growthShare);
    return (int) Math.round(shortestList + grown * (longestList - shortestList));
  }
}
