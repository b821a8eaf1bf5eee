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
 * @param times seconds since 1970 of each interaction, or empty where the source has none
 * @param attributes what else is known of the user, such as {@code group} (demo world) or {@code
 *     split} ({@code train}, {@code valid} or {@code test} where the source gives its own split)
 */
public record UserSequence(
    String user, int[] items, float[] ratings, long[] times, Map<String, String> attributes) {
  /** The user attribute that holds a split given by the source. */
  public static final String SPLIT = "split";

  /** Refuses a blank user, arrays of different lengths, and attributes as an item's. */
  public UserSequence {
    if (user.isBlank()) {
      throw new IllegalArgumentException("blank user");
    }
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

  private static void requireLength(String user, String name, int given, int items) {
    if (given != 0 && given != items) {
      throw new IllegalArgumentException(
          "user %s has %s items but %s %s".formatted(user, items, given, name));
    }
  }
}
