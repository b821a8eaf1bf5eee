package dev.ilora.report;

import dev.ilora.results.ResultTable;

/**
 * A colour for each method, the same in every figure; the style sheet gives it for light and dark.
 */
final class Palette {
  private static final int COLOURS = 8;

  private Palette() {}

  /** The CSS colour of a method. */
  static String of(String method) {
    int place = ResultTable.METHODS.indexOf(method);
    int colour = place >= 0 ? place : Math.floorMod(method.hashCode(), COLOURS);
    return "var(--c" + colour + ")";
  }
}
