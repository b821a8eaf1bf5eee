package dev.ilora.data.records;

import dev.ilora.data.UserSequence;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Turns a grouped log into sequences, several users at a time. */
public final class Sequences {
  private Sequences() {}

  /** Sequences in file order, of every user, also of those without interactions. */
  public static List<UserSequence> of(
      InteractionLog log, Map<String, Map<String, String>> attributes) {
    InteractionLog.Grouping grouping = log.byUser();
    Attributes known = (user, _) -> attributes.getOrDefault(user, Map.of());
    return ofUsers(log, u -> sequence(log, u, grouping.of(u), known));
  }

  /** What is known of a user besides the interactions. */
  public interface Attributes {
    /** The attributes of a user, whose interactions have these indexes. */
    Map<String, String> of(String user, int[] interactions);
  }

  /**
   * Sequences of the users who keep any interaction.
   *
   * @param chosen the indexes of a user's interactions to keep, in order, from all of them; called
   *     by several threads
   */
  public static List<UserSequence> of(
      InteractionLog log,
      InteractionLog.Grouping grouping,
      UnaryOperator<int[]> chosen,
      Attributes attributes) {
    return ofUsers(
        log,
        u -> {
          int[] indexes = chosen.apply(grouping.of(u));
          return indexes.length == 0 ? null : sequence(log, u, indexes, attributes);
        });
  }

  private static List<UserSequence> ofUsers(InteractionLog log, IntFunction<UserSequence> of) {
    return IntStream.range(0, log.userCount())
        .parallel()
        .mapToObj(of)
        .filter(Objects::nonNull)
        .toList();
  }

  private static UserSequence sequence(
      InteractionLog log, int user, int[] indexes, Attributes attributes) {
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
    return new UserSequence(key, items, ratings, times, attributes.of(key, indexes));
  }
}
