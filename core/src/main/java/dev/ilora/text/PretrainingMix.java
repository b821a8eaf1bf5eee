package dev.ilora.text;

/**
 * Relative weights of the kinds of pretraining examples.
 *
 * @param sentence weight of {@link PretrainingExample.Kind#SENTENCE}
 * @param repeat weight of {@link PretrainingExample.Kind#REPEAT}
 * @param randomRepeat weight of {@link PretrainingExample.Kind#RANDOM_REPEAT}
 * @param choice weight of {@link PretrainingExample.Kind#CHOICE}
 * @param theme weight of {@link PretrainingExample.Kind#THEME}
 * @param similar weight of {@link PretrainingExample.Kind#SIMILAR}
 */
public record PretrainingMix(
    double sentence,
    double repeat,
    double randomRepeat,
    double choice,
    double theme,
    double similar) {
  /** Refuses weights below 0, infinite or all 0. */
  public PretrainingMix {
    double sum = 0;
    boolean negative = false;
    for (double weight : new double[] {sentence, repeat, randomRepeat, choice, theme, similar}) {
      sum += weight;
      negative |= !(weight >= 0);
    }
    if (negative || !(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "weights must be finite, none below 0 and not all 0, got %s, %s, %s, %s, %s, %s"
              .formatted(sentence, repeat, randomRepeat, choice, theme, similar));
    }
  }

  /** Picks a kind, given a number drawn uniformly from 0 to 1. */
  PretrainingExample.Kind pick(double uniform) {
    double[] weights = {sentence, repeat, randomRepeat, choice, theme, similar};
    double left = 0;
    for (double weight : weights) {
      left += weight;
    }
    left *= uniform;
    int last = 0;
    for (int kind = 0; kind < weights.length; kind++) {
      if (weights[kind] > 0) {
        last = kind;
        left -= weights[kind];
        if (left < 0) {
          break;
        }
      }
    }
    return PretrainingExample.Kind.values()[last];
  }
}
