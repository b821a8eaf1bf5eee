package dev.ilora.synthetic;

import dev.ilora.synthetic.PretrainingExample.Kind;

/**
 * How {@link GeneratedText} mixes its examples, and how its lists grow: copying and short lists
 * first, for a model that cannot copy yet learns nothing from long ones.
 *
 * @param beginning share of the training before vectors and themes come, 0 to 1
 * @param growth share of the training at which lists have grown to the longest
 * @param longest titles in the longest lists, at least 6
 * @param brief share of worlds with titles of one or two words at the beginning; half of it at the
 *     end. Brief titles leave room for more choices in as many tokens
 * @param facts share of texts that tell what is known of a catalogue's items
 */
public record GeneratedOptions(
    double beginning, double growth, int longest, double brief, double facts) {
  private static final int FIRST_LONGEST = 5;

  /** Lists of up to 20, reached early in the training. */
  public static final GeneratedOptions DEFAULTS = new GeneratedOptions(0.03, 0.15, 20, 0.4, 0);

  /** What a model that knows all this goes on with: facts of a catalogue and long lists. */
  public static final GeneratedOptions CONTINUED = new GeneratedOptions(0, 0, 20, 0, 0.4);

  /** Refuses what lies outside the bounds. */
  public GeneratedOptions {
    if (!(beginning >= 0 && growth >= beginning && growth <= 1)) {
      throw new IllegalArgumentException(
          "expected 0 <= beginning <= growth <= 1, got %s and %s".formatted(beginning, growth));
    }
    if (longest <= FIRST_LONGEST) {
      throw new IllegalArgumentException(
          "longest must be above %s, got %s".formatted(FIRST_LONGEST, longest));
    }
  }

  /** Picks a kind, given a number drawn uniformly from 0 to 1. */
  Kind kind(double progress, double drawn) {
    if (drawn < facts) {
      return Kind.FACTS;
    }
    double uniform = (drawn - facts) / (1 - facts);
    if (progress < beginning) {
      return uniform < 0.4 ? Kind.REPEAT : uniform < 0.5 ? Kind.RANDOM_REPEAT : Kind.CHOICE;
    }
    return uniform < 0.05
        ? Kind.REPEAT
        : uniform < 0.86 ? Kind.CHOICE : uniform < 0.92 ? Kind.THEME : Kind.TASTE;
  }

  /** The share of worlds with brief titles when a share of the training, 0 to 1, is done. */
  double briefShare(double progress) {
    return brief * (1 - progress / 2);
  }

  /** The longest list when a share of the training, 0 to 1, is done. */
  int longestList(double progress) {
    double grown = Math.clamp((progress - beginning) / Math.max(growth - beginning, 1e-9), 0, 1);
    return (int) Math.round(FIRST_LONGEST + grown * (longest - FIRST_LONGEST));
  }
}
