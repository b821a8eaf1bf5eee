package dev.ilora.data.records;

import java.nio.charset.StandardCharsets;

/** Ratings as text, a whole number without a point. There are few of them, so texts are kept. */
public final class RatingText {
  private static final int KEPT_BITS = 8;

  private final float[] values = new float[1 << KEPT_BITS];
  private final byte[][] texts = new byte[1 << KEPT_BITS][];

  public void put(float value, ByteText target) {
    int place = Float.floatToRawIntBits(value) * 0x9E3779B9 >>> Integer.SIZE - KEPT_BITS;
    if (texts[place] == null || values[place] != value) {
      values[place] = value;
      texts[place] = text(value).getBytes(StandardCharsets.US_ASCII);
    }
    target.put(texts[place], 0, texts[place].length);
  }

  private static String text(float value) {
    return value == (int) value ? Integer.toString((int) value) : Float.toString(value);
  }
}
