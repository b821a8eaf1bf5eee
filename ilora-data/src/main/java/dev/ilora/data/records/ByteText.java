package dev.ilora.data.records;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** UTF-8 that grows at its end. */
public final class ByteText {
  private static final int LONGEST_NUMBER = 20;

  private byte[] bytes = new byte[1 << 10];
  private int length;

  public int length() {
    return length;
  }

  public void clear() {
    length = 0;
  }

  public void put(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
  }

  public void put(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    put(encoded, 0, encoded.length);
  }

  public void put(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  /** Puts a piece of another text. */
  public void put(ByteText source, int from, int to) {
    put(source.bytes, from, to);
  }

  /** Puts a number in decimal. */
  public void put(long number) {
    if (number < 0) {
      put(Long.toString(number));
      return;
    }
    reserve(LONGEST_NUMBER);
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  private void reserve(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
  }
}
