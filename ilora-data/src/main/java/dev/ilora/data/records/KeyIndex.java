package dev.ilora.data.records;

import java.util.Arrays;

/**
 * Numbers keys densely in the order in which they are added. All characters lie in one array and
 * the hash table is an array of numbers, so that a look-up touches few cache lines and makes no
 * objects: on large logs two look-ups a line are most of what an import does. For one thread.
 */
public final class KeyIndex {
  private static final long HALF = 0xFFFFFFFFL;

  private char[] text = new char[256];
  private int[] ends = new int[64];
  // Hash in the upper half, id + 1 in the lower; 0 is a free slot.
  private long[] table = new long[128];
  private int size;
  // Logs name the same user many times in a row.
  private int last = -1;

  /** The number of keys. */
  int size() {
    return size;
  }

  /** The key of an id. */
  String key(int id) {
    return new String(text, start(id), ends[id] - start(id));
  }

  /** The id of a key, or -1. */
  public int find(Slice key) {
    if (last >= 0 && isKey(last, key)) {
      return last;
    }
    int id = (int) table[slot(key, hash(key))] - 1;
    last = id >= 0 ? id : last;
    return id;
  }

  /** The id of a key, which is added if it is new. */
  public int add(Slice key) {
    int known = find(key);
    if (known >= 0) {
      return known;
    }
    if (2 * (size + 1) > table.length) {
      growTable();
    }
    int start = size == 0 ? 0 : ends[size - 1];
    int end = Math.addExact(start, key.length());
    if (end > text.length) {
      text = Arrays.copyOf(text, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * end));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
    }
    key.copyTo(text, start);
    ends[size] = end;
    int hash = hash(key);
    table[slot(key, hash)] = entry(hash, size);
    last = size;
    return size++;
  }

  /** The key of an id, not copied. */
  Slice slice(int id) {
    return new Slice(text, start(id), ends[id]);
  }

  private int start(int id) {
    return id == 0 ? 0 : ends[id - 1];
  }

  private boolean isKey(int id, Slice key) {
    return key.is(text, start(id), ends[id]);
  }

  /** The slot of a key, or the free one where it belongs. */
  private int slot(Slice key, int hash) {
    int mask = table.length - 1;
    int slot = hash & mask;
    while (table[slot] != 0
        && ((int) (table[slot] >>> 32) != hash || !isKey((int) table[slot] - 1, key))) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void growTable() {
    long[] old = table;
    table = new long[2 * old.length];
    int mask = table.length - 1;
    for (long entry : old) {
      if (entry != 0) {
        int slot = (int) (entry >>> 32) & mask;
        while (table[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        table[slot] = entry;
      }
    }
  }

  private static long entry(int hash, int id) {
    return (long) hash << 32 | (id + 1) & HALF;
  }

  private static int hash(Slice key) {
    int hash = 0;
    for (int i = 0; i < key.length(); i++) {
      hash = 31 * hash + key.charAt(i);
    }
    // Keys are often consecutive numbers; linear probing wants them scattered.
    hash *= 0x9E3779B9;
    return hash ^ hash >>> 15;
  }
}
