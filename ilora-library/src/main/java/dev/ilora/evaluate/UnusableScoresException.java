package dev.ilora.evaluate;

import java.util.function.IntFunction;

/** A model gave a score that is no number: its weights or its inputs are damaged. */
public final class UnusableScoresException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private UnusableScoresException(String message) {
    super(message);
  }

  /**
   * Checks that scores can be ranked by.
   *
   * @param method what gave them, for the message
   * @param item says which item one of the candidates is
   * @param scores of the candidates
   * @throws UnusableScoresException naming the first that is infinite or not a number
   */
  public static void refuse(
      String method, int[] candidates, IntFunction<String> item, double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw new UnusableScoresException(
            "%s gives %s the score %s: expected a finite number. The model is damaged, or its training went wrong"
                .formatted(method, item.apply(candidates[i]), scores[i]));
      }
    }
  }
}
