package dev.ilora.data;

/**
 * The items one row is ranked among.
 *
 * @param row number of the row, {@link Case#index()}
 * @param target the item chosen, one of the candidates
 * @param candidates dense item ids in the order they are shown; not copied
 */
public record CaseCandidates(int row, int target, int[] candidates) {
  /** Refuses candidates without the target and candidates given twice. */
  public CaseCandidates {
    int targets = 0;
    for (int i = 0; i < candidates.length; i++) {
      targets += candidates[i] == target ? 1 : 0;
      for (int j = 0; j < i; j++) {
        if (candidates[i] == candidates[j]) {
          throw new IllegalArgumentException(
              "row %d has candidate %d twice".formatted(row, candidates[i]));
        }
      }
    }
    if (targets != 1) {
      throw new IllegalArgumentException(
          "row %d: target %d is not among its candidates".formatted(row, target));
    }
  }
}
