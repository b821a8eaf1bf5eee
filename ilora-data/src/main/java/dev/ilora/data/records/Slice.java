package dev.ilora.data.records;

/**
 * A piece of an array of characters, not copied: a cell that need not become a {@link String} to be
 * looked up or read as a number. It holds as long as the array does not change.
 */
public final class Slice implements CharSequence {
  private final char[] text;
  private final int from;
  private final int to;

  Slice(char[] text, int from, int to) {
    this.text = text;
    this.from = from;
    this.to = to;
  }

  public static Slice of(String text) {
    return new Slice(text.toCharArray(), 0, text.length());
  }

  @Override
  public int length() {
    return to - from;
  }

  @Override
  public char charAt(int index) {
    return text[from + index];
  }

  @Override
  public Slice subSequence(int start, int end) {
    return new Slice(text, from + start, from + end);
  }

  /** Without white space at both ends, as {@link String#strip}. */
  public Slice strip() {
    int start = from;
    int end = to;
    while (start < end && Character.isWhitespace(text[start])) {
      start++;
    }
    while (end > start && Character.isWhitespace(text[end - 1])) {
      end--;
    }
    return start == from && end == to ? this : new Slice(text, start, end);
  }

  /** Whether these are the characters from start to end of another array. */
  boolean is(char[] other, int start, int end) {
    if (end - start != to - from) {
      return false;
    }
    for (int i = from, j = start; i < to; i++, j++) {
      if (text[i] != other[j]) {
        return false;
      }
    }
    return true;
  }

  /** Copies the characters to a place of another array. */
  void copyTo(char[] other, int at) {
    System.arraycopy(text, from, other, at, length());
  }

  @Override
  public String toString() {
    return new String(text, from, length());
  }
}
