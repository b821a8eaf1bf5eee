package dev.ilora.data.records;

import dev.ilora.data.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Interactions in file order, in columns of primitives: 20 bytes each, so 25 million fit in 500 MB.
 * The columns are cut into chunks, so that growing never needs the memory twice. Users are numbered
 * by first appearance.
 */
public final class InteractionLog {
  private static final int CHUNK_BITS = 14;
  private static final int CHUNK = 1 << CHUNK_BITS;

  private final KeyIndex users = new KeyIndex();
  private final List<Chunk> chunks = new ArrayList<>();
  // Empty until one is not 0.
  private final List<short[]> nanos = new ArrayList<>();
  private final boolean hasRatings;
  private final boolean hasTimes;
  private int size;

  /** The columns of consecutive interactions. */
  private record Chunk(int[] users, int[] items, float[] ratings, long[] times) {}

  public InteractionLog(boolean hasRatings, boolean hasTimes) {
    this.hasRatings = hasRatings;
    this.hasTimes = hasTimes;
  }

  /** Adds one; a rating or time the log does not hold is ignored. */
  public void add(int user, int item, float rating, long time) {
    int at = size & (CHUNK - 1);
    if (at == 0) {
      addChunk();
    }
    Chunk chunk = chunks.getLast();
    chunk.users[at] = user;
    chunk.items[at] = item;
    if (hasRatings) {
      chunk.ratings[at] = rating;
    }
    if (hasTimes) {
      chunk.times[at] = time;
    }
    size++;
  }

  private void addChunk() {
    if (size > Integer.MAX_VALUE - CHUNK) {
      throw new IllegalStateException("more than " + size + " interactions");
    }
    chunks.add(
        new Chunk(
            new int[CHUNK],
            new int[CHUNK],
            new float[hasRatings ? CHUNK : 0],
            new long[hasTimes ? CHUNK : 0]));
  }

  /**
   * The number of a user, who is registered if new: this fixes the order of users.
   *
   * @throws IllegalArgumentException for a key that cannot be one
   */
  public int userId(Slice user) {
    int known = users.find(user);
    if (known < 0) {
      Keys.require("user", user);
    }
    return known < 0 ? users.add(user) : known;
  }

  /** The number of a registered user, or -1. */
  public int findUser(Slice user) {
    return users.find(user);
  }

  public int size() {
    return size;
  }

  public int userCount() {
    return users.size();
  }

  public String userKey(int user) {
    return users.key(user);
  }

  /** The remark on users whose keys look alike, if there are any. */
  public Optional<String> lookAlikes() {
    return LookAlikes.remark(users);
  }

  public boolean hasRatings() {
    return hasRatings;
  }

  public boolean hasTimes() {
    return hasTimes;
  }

  public int user(int i) {
    return chunk(i).users[i & (CHUNK - 1)];
  }

  public int item(int i) {
    return chunk(i).items[i & (CHUNK - 1)];
  }

  public float rating(int i) {
    return chunk(i).ratings[i & (CHUNK - 1)];
  }

  public long time(int i) {
    return chunk(i).times[i & (CHUNK - 1)];
  }

  /** Adds nanoseconds within its microsecond, 0 to 999, to the time added last. */
  public void addNanos(int rest) {
    if (rest == 0 && nanos.isEmpty()) {
      return;
    }
    while (nanos.size() < chunks.size()) {
      nanos.add(new short[CHUNK]);
    }
    nanos.getLast()[size - 1 & (CHUNK - 1)] = (short) rest;
  }

  /** Whether any time is finer than a microsecond. */
  public boolean hasNanos() {
    return !nanos.isEmpty();
  }

  /** Nanoseconds within the microsecond of a time. */
  public int nanos(int i) {
    int chunk = i >> CHUNK_BITS;
    return chunk < nanos.size() ? nanos.get(chunk)[i & (CHUNK - 1)] : 0;
  }

  private Chunk chunk(int i) {
    return chunks.get(i >> CHUNK_BITS);
  }

  /**
   * Indexes of each user's interactions in file order: those of user u are from[u] .. from[u+1]-1.
   */
  public Grouping byUser() {
    int[] from = new int[userCount() + 1];
    for (int i = 0; i < size; i++) {
      from[user(i) + 1]++;
    }
    for (int u = 0; u < userCount(); u++) {
      from[u + 1] += from[u];
    }
    int[] next = from.clone();
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[next[user(i)]++] = i;
    }
    return new Grouping(from, order);
  }

  /** A stable grouping of interactions by user. */
  public record Grouping(int[] from, int[] order) {
    /** Indexes of one user's interactions in file order, a new array. */
    public int[] of(int user) {
      return Arrays.copyOfRange(order, from[user], from[user + 1]);
    }
  }
}
