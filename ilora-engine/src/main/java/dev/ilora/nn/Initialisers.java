package dev.ilora.nn;

import dev.ilora.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * First values of weights, drawn from a given generator: the same seed gives the same weights on
 * every device and with every number of threads. All return F32 tensors on the CPU that do not yet
 * require gradients.
 */
public final class Initialisers {
  private Initialisers() {}

  /** Normal values around 0. */
  public static Tensor normal(RandomGenerator random, double deviation, long... shape) {
    float[] values = new float[elements(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return Tensor.of(values, shape);
  }

  /** Uniform values in [-bound, bound). */
  public static Tensor uniform(RandomGenerator random, double bound, long... shape) {
    float[] values = new float[elements(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return Tensor.of(values, shape);
  }

  /**
   * Uniform in ±1/√fanIn, fanIn being the product of all but the first size: what linear layers,
   * convolutions and the down-projections of LoRA start from (He et al. with a = √5).
   */
  public static Tensor kaimingUniform(RandomGenerator random, long... shape) {
    return uniform(random, 1 / Math.sqrt(fanIn(shape)), shape);
  }

  /**
   * Normal with variance 2 / (fanIn + fanOut) (Glorot and Bengio), fanIn as above and fanOut the
   * first size times the product of all from the third.
   */
  public static Tensor xavierNormal(RandomGenerator random, long... shape) {
    double fanOut = (double) elements(shape) / shape[1];
    return normal(random, Math.sqrt(2 / (fanIn(shape) + fanOut)), shape);
  }

  private static double fanIn(long[] shape) {
    if (shape.length < 2) {
      throw new IllegalArgumentException(
          "a weight with " + shape.length + " dimensions has no fan-in; at least 2 are needed");
    }
    return (double) elements(shape) / shape[0];
  }

  private static int elements(long[] shape) {
    long count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, size);
    }
    return Math.toIntExact(count);
  }
}
