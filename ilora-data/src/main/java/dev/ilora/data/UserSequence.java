package dev.ilora.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one user did, oldest first. The arrays are not copied: treat them as read-only.
 *
 * @param user id in the source files
 * @param items dense item ids, in order
 * @param ratings rating of each interaction, or empty where the source has none
 * @param times time of each interaction in microseconds since 1970 (see {@link Times}), or empty
 *     where the source has none
 * @param attributes what else is known of the user, such as {@code group} (demo world) or {@code
 *     split} ({@code train}, {@code valid} or {@code test} where the source gives its own split)
 */
public record UserSequence(
    String user, int[] items, float[] ratings, long[] times, Map<String, String> attributes) {
  /** The user attribute that holds a split given by the source. */
  public static final String SPLIT = "split";

  /** The user attribute that says which items are targets; all are where it is missing. */
  public static final String TARGETS = "targets";

  /**
   * The value of {@link #TARGETS} of a sequence that is a history and one target, the last item.
   */
  public static final String LAST_TARGET = "last";

  /** Refuses a blank user, arrays of different lengths, and attributes as an item's. */
  public UserSequence {
    Keys.require("user", user);
    requireLength(user, "ratings", ratings.length, items.length);
    requireLength(user, "times", times.length, items.length);
    AttributeNames.require(attributes);
    attributes =
        attributes.isEmpty()
            ? Map.of()
            : Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** A user of whom nothing else is known. */
  public UserSequence(String user, int[] items, float[] ratings, long[] times) {
    this(user, items, ratings, times, Map.of());
  }

  /** The number of interactions. */
  public int length() {
    return items.length;
  }

  /**
   * The {@link #SPLIT} attribute of a sequence that is split itself: so many items train, the next
   * are validation, the last are test.
   */
  public static String split(int train, int valid, int test) {
    return train + "," + valid + "," + test;
  }

  private static void requireLength(String user, String name, int given, int items) {
    if (given != 0 && given != items) {
      throw new IllegalArgumentException(
          "user %s has %s items but %s %s".formatted(user, items, given, name));
    }
  }
}
