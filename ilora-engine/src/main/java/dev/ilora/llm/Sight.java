package dev.ilora.llm;

/**
 * What the tokens of one layer see of each other.
 *
 * @param window tokens that one sees, with itself; {@link #ALL} without a bound
 * @param rope how positions enter
 */
public record Sight(int window, Rope rope) {
  /** The window that ends nowhere. */
  public static final int ALL = Integer.MAX_VALUE;

  /** Checks the bounds. */
  public Sight {
    if (window < 1) {
      throw new IllegalArgumentException("sliding_window: expected at least 1, got " + window);
    }
  }

  static Sight everything(Rope rope) {
    return new Sight(ALL, rope);
  }
}
