package dev.ilora.hybrid;

/** What of a title's likelihood candidates are ranked by. */
public enum LikelihoodForm {
  /** The log-probability of the whole title: long titles have less. */
  SUM("log-likelihood"),
  /** Its mean over the title's tokens and the end. */
  MEAN("mean log-likelihood"),
  /**
   * How much likelier the title is after the prompt than where nothing was asked: its pointwise
   * mutual information with the prompt. Titles that are likely anywhere gain nothing by it. Source:
   * Holtzman et al., arXiv:2104.08315.
   */
  PMI("gain in log-likelihood");

  private final String title;

  LikelihoodForm(String title) {
    this.title = title;
  }

  /** What the scores are, in words. */
  public String title() {
    return title;
  }
}
