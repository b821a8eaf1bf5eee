package dev.ilora.machine;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;

/** Measures matrix products for a third of a second, on the threads set now. */
public final class SpeedProbe {
  private static final int WIDTH = 1024;
  private static final long NANOS = 330_000_000;

  private SpeedProbe() {}

  /** Returns 10⁹ additions and multiplications a second of (1024, 1024) products. */
  public static double gigaflops(DType dtype, Device device) {
    return gigaflops(dtype, device, WIDTH, WIDTH, WIDTH);
  }

  /**
   * Returns 10⁹ additions and multiplications a second of products of a (rows, inner) matrix with
   * an (inner, columns) one.
   */
  public static double gigaflops(DType dtype, Device device, int rows, int inner, int columns) {
    try (var _ = Scope.open()) {
      Tensor left = Tensor.randn(rows, inner).to(dtype).to(device);
      Tensor right = Tensor.randn(inner, columns).to(dtype).to(device);
      multiply(left, right, 1);
      long start = System.nanoTime();
      long products = 0;
      for (int batch = 1; System.nanoTime() - start < NANOS; batch *= 2) {
        multiply(left, right, batch);
        products += batch;
      }
      return products * 2.0 * rows * inner * columns / (System.nanoTime() - start);
    }
  }

  /** Reads one element of the last product, so that an accelerator has to finish. */
  private static void multiply(Tensor left, Tensor right, int times) {
    try (var _ = Scope.open()) {
      Tensor product = left;
      for (int i = 0; i < times; i++) {
        product = left.matmul(right);
      }
      product.select(0, 0).select(0, 0).to(DType.F32).item();
    }
  }
}
