package dev.ilora.data;

/**
 * One prediction to make: what does the user choose next after this history?
 *
 * @param index number of the row, the one candidate files and predictions refer to; rows of a
 *     sample keep the number they had among all rows
 * @param user id of the user in the source files
 * @param history dense item ids, oldest first, at most the split's history length; not copied
 * @param next dense id of the item chosen
 */
public record Case(int index, String user, int[] history, int next) {
  /** Refuses a negative index. */
  public Case {
    if (index < 0) {
      throw new IllegalArgumentException("row index must be at least 0, not " + index);
    }
  }
}
