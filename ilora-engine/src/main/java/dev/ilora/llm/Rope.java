package dev.ilora.llm;

import java.util.Arrays;

/**
 * Rotary positions: pairs of elements of each query and key are turned by an angle that grows with
 * the position.
 *
 * <p>Source: Su et al., arXiv:2104.09864.
 *
 * @param width elements of a head that are turned, the first ones; even, 0 where positions do not
 *     enter
 * @param theta base of the angles
 * @param scaling how positions are stretched
 */
public record Rope(int width, double theta, RopeScaling scaling) {
  private static final double MOST_THETA = 1e15;

  /** Checks the bounds. */
  public Rope {
    if (width < 0 || width % 2 != 0) {
      throw new IllegalArgumentException(
          "rotated elements of a head: expected an even number, got " + width);
    }
    if (!(theta > 1 && theta <= MOST_THETA)) {
      throw new IllegalArgumentException(
          "rope_theta: expected above 1 and at most %s, got %s".formatted(MOST_THETA, theta));
    }
    scaling.requireFit(width);
  }

  /** Layers that know no positions. */
  static Rope none() {
    return new Rope(0, 10000, new RopeScaling.None());
  }

  /**
   * Angle per position of each pair of elements of a head, zero where none is turned.
   *
   * @param headWidth D
   * @param length of the whole sequence
   * @return D / 2 values
   */
  public float[] frequencies(int headWidth, int length) {
    float[] turned = width == 0 ? new float[0] : scaling.frequencies(width, theta, length);
    return Arrays.copyOf(turned, headWidth / 2);
  }

  /** What each pair is multiplied by besides, D / 2 values. */
  float[] amplitudes(int headWidth) {
    float[] amplitudes = new float[headWidth / 2];
    Arrays.fill(amplitudes, 0, width / 2, (float) scaling.amplitude());
    Arrays.fill(amplitudes, width / 2, headWidth / 2, 1);
    return amplitudes;
  }

  /**
   * The order in which the elements of a head form pairs half a head apart, as they do by
   * themselves where all are turned: pairs that are turned are half of the turned width apart.
   *
   * @return D values
   */
  long[] pairs(int headWidth) {
    long[] order = new long[headWidth];
    int half = headWidth / 2;
    int turned = width / 2;
    for (int pair = 0; pair < half; pair++) {
      boolean turns = pair < turned;
      order[pair] = turns ? pair : turned + pair;
      order[half + pair] = turns ? turned + pair : half + pair;
    }
    return order;
  }

  /** Whether the elements form pairs half a head apart as they are. */
  boolean isWhole(int headWidth) {
    return width == 0 || width == headWidth;
  }
}
