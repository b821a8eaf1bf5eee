package dev.ilora.cli;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;

/** Measures matrix products for a third of a second. */
final class SpeedProbe {
  private static final int WIDTH = 1024;
  private static final long NANOS = 330_000_000;

  private SpeedProbe() {}

  /** Returns 10⁹ additions and multiplications a second of (1024, 1024) products. */
  static double gigaflops(DType dtype, Device device) {
    try (var _ = Scope.open()) {
      Tensor matrix = Tensor.randn(WIDTH, WIDTH).to(dtype).to(device);
      multiply(matrix, 1);
      long start = System.nanoTime();
      long products = 0;
      for (int batch = 1; System.nanoTime() - start < NANOS; batch *= 2) {
        multiply(matrix, batch);
        products += batch;
      }
      return products * 2.0 * WIDTH * WIDTH * WIDTH / (System.nanoTime() - start);
    }
  }

  /** Reads one element of the last product, so that an accelerator has to finish. */
  private static void multiply(Tensor matrix, int times) {
    try (var _ = Scope.open()) {
      Tensor product = matrix;
      for (int i = 0; i < times; i++) {
        product = matrix.matmul(matrix);
      }
      product.select(0, 0).select(0, 0).to(DType.F32).item();
    }
  }
}
