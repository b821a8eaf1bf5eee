package dev.ilora.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Interactions in file order, in columns of primitives: 20 bytes each, so 25 million fit in 500 MB.
 * Users are numbered by first appearance.
 */
final class InteractionLog {
  private final Map<String, Integer> userIds = new HashMap<>();
  private final List<String> userKeys = new ArrayList<>();
  private final boolean hasRatings;
  private final boolean hasTimes;
  private int[] users = new int[1024];
  private int[] items = new int[1024];
  private float[] ratings;
  private long[] times;
  private int size;

  InteractionLog(boolean hasRatings, boolean hasTimes) {
    this.hasRatings = hasRatings;
    this.hasTimes = hasTimes;
    this.ratings = new float[hasRatings ? 1024 : 0];
    this.times = new long[hasTimes ? 1024 : 0];
  }

  /** Adds one; a rating or time the log does not hold is ignored. */
  void add(String user, int item, float rating, long time) {
    if (size == users.length) {
      grow();
    }
    users[size] = userId(user);
    items[size] = item;
    if (hasRatings) {
      ratings[size] = rating;
    }
    if (hasTimes) {
      times[size] = time;
    }
    size++;
  }

  /** Registers a user without interactions yet, which fixes the order of users. */
  int userId(String user) {
    Integer known = userIds.get(user);
    if (known != null) {
      return known;
    }
    userIds.put(user, userKeys.size());
    userKeys.add(user);
    return userKeys.size() - 1;
  }

  private void grow() {
    int capacity = (int) Math.min(Integer.MAX_VALUE - 8L, users.length * 3L / 2);
    if (capacity == users.length) {
      throw new IllegalStateException("more than " + capacity + " interactions");
    }
    users = Arrays.copyOf(users, capacity);
    items = Arrays.copyOf(items, capacity);
    ratings = hasRatings ? Arrays.copyOf(ratings, capacity) : ratings;
    times = hasTimes ? Arrays.copyOf(times, capacity) : times;
  }

  int size() {
    return size;
  }

  int userCount() {
    return userKeys.size();
  }

  String userKey(int user) {
    return userKeys.get(user);
  }

  boolean hasRatings() {
    return hasRatings;
  }

  boolean hasTimes() {
    return hasTimes;
  }

  int user(int i) {
    return users[i];
  }

  int item(int i) {
    return items[i];
  }

  float rating(int i) {
    return ratings[i];
  }

  long time(int i) {
    return times[i];
  }

  /**
   * Indexes of each user's interactions in file order: those of user u are from[u] .. from[u+1]-1.
   */
  Grouping byUser() {
    int[] from = new int[userCount() + 1];
    for (int i = 0; i < size; i++) {
      from[users[i] + 1]++;
    }
    for (int u = 0; u < userCount(); u++) {
      from[u + 1] += from[u];
    }
    int[] next = Arrays.copyOf(from, userCount());
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[next[users[i]]++] = i;
    }
    return new Grouping(from, order);
  }

  /** A stable grouping of interactions by user. */
  record Grouping(int[] from, int[] order) {
    /** Indexes of one user's interactions in file order, a new array. */
    int[] of(int user) {
      return Arrays.copyOfRange(order, from[user], from[user + 1]);
    }
  }
}
