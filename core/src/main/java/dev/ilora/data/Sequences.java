package dev.ilora.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns a grouped log into sequences. */
final class Sequences {
  private Sequences() {}

  /**
   * @param grouping each user's interactions in the order of the sequence
   * @param attributes what else is known of users, by key; users without an entry have none
   */
  static List<UserSequence> of(
      InteractionLog log,
      InteractionLog.Grouping grouping,
      Map<String, Map<String, String>> attributes) {
    List<UserSequence> users = new ArrayList<>(log.userCount());
    for (int u = 0; u < log.userCount(); u++) {
      int from = grouping.from()[u];
      int length = grouping.from()[u + 1] - from;
      int[] items = new int[length];
      float[] ratings = new float[log.hasRatings() ? length : 0];
      long[] times = new long[log.hasTimes() ? length : 0];
      for (int p = 0; p < length; p++) {
        int i = grouping.order()[from + p];
        items[p] = log.item(i);
        if (log.hasRatings()) {
          ratings[p] = log.rating(i);
        }
        if (log.hasTimes()) {
          times[p] = log.time(i);
        }
      }
      String key = log.userKey(u);
      users.add(
          new UserSequence(key, items, ratings, times, attributes.getOrDefault(key, Map.of())));
    }
    return users;
  }
}
