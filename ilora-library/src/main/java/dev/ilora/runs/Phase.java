package dev.ilora.runs;

/** What a run spends its time on. */
public enum Phase {
  /** Making what other runs use as well: the base model, the recommender that guides. */
  SHARED,
  /**
   * The first training steps and some test cases, tried alone and forgotten, to measure their
   * memory before the run shares the process with others.
   */
  REHEARSE,
  /** Training what is the run's own. */
  TRAIN,
  /** Ranking the test cases. */
  EVALUATE,
  /** Ranking the papers' cases as well. */
  EVALUATE_PAPER_CASES;

  /** Whether its time belongs to this run: other runs profit from the rest, or nobody does. */
  public boolean own() {
    return this != SHARED && this != REHEARSE;
  }
}
