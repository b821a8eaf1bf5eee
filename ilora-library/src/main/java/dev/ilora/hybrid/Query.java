package dev.ilora.hybrid;

/**
 * What is asked of a model: which of these does this user choose next?
 *
 * @param user id of the user, for guidance that depends on the user
 * @param history item ids, oldest first, at least one
 * @param candidates item ids in the order they are listed
 */
public record Query(String user, int[] history, int[] candidates) {
  /** Refuses an empty history or no candidates. */
  public Query {
    if (history.length == 0) {
      throw new IllegalArgumentException("user " + user + ": the history is empty");
    }
    if (candidates.length == 0) {
      throw new IllegalArgumentException("user " + user + ": there are no candidates");
    }
  }
}
