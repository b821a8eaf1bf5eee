package dev.ilora.nn;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What inverted dropout keeps of a tensor. Draws four elements from each random number: half the
 * time of {@link Tensor#dropout} on a CPU, where drawing is most of it. The probability is rounded
 * to 1/65,536.
 */
public final class DropoutMask {
  private static final int UNITS = 65_536;

  private final Tensor kept;
  private final long dropUnits;

  private DropoutMask(Tensor kept, long dropUnits) {
    this.kept = kept;
    this.dropUnits = dropUnits;
  }

  /**
   * Draws a mask from the engine's generator ({@link dev.ilora.tensor.Torch#seed}).
   *
   * @param probability share of elements dropped, in [0, 1)
   */
  public static DropoutMask draw(double probability, Device device, long... shape) {
    try (var scope = Scope.open()) {
      Tensor bits = Tensor.zeros(DType.I64, device, numbers(shape)).randomInPlace();
      return masked(scope, bits, probability, shape);
    }
  }

  /**
   * Draws a mask from the caller's generator: it depends on nothing else, whatever the device and
   * whatever other threads draw.
   *
   * @param probability share of elements dropped, in [0, 1)
   */
  public static DropoutMask draw(
      double probability, RandomGenerator random, Device device, long... shape) {
    long[] bits = new long[numbers(shape)];
    Arrays.setAll(bits, _ -> random.nextLong());
    try (var scope = Scope.open()) {
      return masked(scope, Tensor.of(bits, bits.length).to(device), probability, shape);
    }
  }

  private static int numbers(long[] shape) {
    return Math.toIntExact((elements(shape) + 3) / 4);
  }

  private static long elements(long[] shape) {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** Drops an element where its 16 of the I64 bits are a number below the probability. */
  private static DropoutMask masked(Scope scope, Tensor bits, double probability, long[] shape) {
    long dropUnits = Math.round(probability * UNITS);
    Tensor drawn = bits.view(DType.I16).slice(0, 0, elements(shape)).view(shape);
    return new DropoutMask(scope.keep(drawn.ge(dropUnits - UNITS / 2)), dropUnits);
  }

  /** BOOL, which elements are kept; of the shape drawn. */
  public Tensor kept() {
    return kept;
  }

  /** Zero where not kept, else scaled so that the mean over draws is x; of the mask's shape. */
  public Tensor apply(Tensor x) {
    try (var scope = Scope.open()) {
      double factor = (double) UNITS / (UNITS - dropUnits);
      return scope.keep(x.mul(kept.to(x.dtype()).mulInPlace(factor)));
    }
  }
}
