package dev.ilora.tokenizer;

import java.util.Arrays;

/** A growing array of token ids. */
public final class TokenList {
  private int[] values = new int[64];
  private int size;

  /** An empty one. */
  public TokenList() {}

  /** Appends one. */
  public void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  /** Appends all. */
  public void addAll(int[] more) {
    addAll(more, more.length);
  }

  void addAll(int[] more, int count) {
    for (int i = 0; i < count; i++) {
      add(more[i]);
    }
  }

  /** Returns one list of tokens after the other. */
  public static int[] joined(int[] first, int[] second) {
    int[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  /** Returns how many there are. */
  public int size() {
    return size;
  }

  /** Returns them as an array of their own. */
  public int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
