package dev.ilora.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Turns a grouped log into sequences. */
final class Sequences {
  private Sequences() {}

  /** Sequences in file order, of every user, also of those without interactions. */
  static List<UserSequence> of(InteractionLog log, Map<String, Map<String, String>> attributes) {
    InteractionLog.Grouping grouping = log.byUser();
    List<UserSequence> users = new ArrayList<>(log.userCount());
    for (int u = 0; u < log.userCount(); u++) {
      users.add(sequence(log, u, grouping.of(u), attributes));
    }
    return users;
  }

  /** Filtered and ordered sequences of the users who keep any interaction. */
  static List<UserSequence> of(
      InteractionLog log,
      InteractionLog.Grouping grouping,
      CoreFilter core,
      Importer.SequenceOrder order,
      Map<String, Map<String, String>> attributes) {
    List<UserSequence> users = new ArrayList<>(log.userCount());
    for (int u = 0; u < log.userCount(); u++) {
      int[] indexes = Arrays.stream(grouping.of(u)).filter(core::keeps).toArray();
      if (indexes.length > 0) {
        order.sort(indexes);
        users.add(sequence(log, u, indexes, attributes));
      }
    }
    return users;
  }

  private static UserSequence sequence(
      InteractionLog log, int user, int[] indexes, Map<String, Map<String, String>> attributes) {
    int[] items = new int[indexes.length];
    float[] ratings = new float[log.hasRatings() ? indexes.length : 0];
    long[] times = new long[log.hasTimes() ? indexes.length : 0];
    for (int p = 0; p < indexes.length; p++) {
      items[p] = log.item(indexes[p]);
      if (log.hasRatings()) {
        ratings[p] = log.rating(indexes[p]);
      }
      if (log.hasTimes()) {
        times[p] = log.time(indexes[p]);
      }
    }
    String key = log.userKey(user);
    return new UserSequence(key, items, ratings, times, attributes.getOrDefault(key, Map.of()));
  }
}
