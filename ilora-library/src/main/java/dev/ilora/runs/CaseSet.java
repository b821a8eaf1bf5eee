package dev.ilora.runs;

/** Which of the test users' positions are evaluated; a run may hold results on several. */
public enum CaseSet {
  /** Those the recipe asks for: the usual ones, named nowhere. */
  TEST("", ""),
  /** The papers': the last position of each test user. */
  PAPER("-paper-rows", ", the paper's rows (the last of each test user)");

  private final String suffix;
  private final String caption;

  CaseSet(String suffix, String caption) {
    this.suffix = suffix;
    this.caption = caption;
  }

  /** What stands before {@code .jsonl} in the names of files about these rows. */
  String suffix() {
    return suffix;
  }

  /** What follows the data set's name in a table's caption. */
  public String caption() {
    return caption;
  }
}
