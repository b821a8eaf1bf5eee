package dev.ilora.train;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;

/**
 * What was measured at each of the moments of a training, one after another. All of it lies in one
 * tensor, which goes into checkpoints as it is.
 */
final class MeasuredFigures implements AutoCloseable {
  /** The value of a figure that was not measured; figures themselves are at least 0. */
  static final double NOT_MEASURED = -1;

  private final int moments;
  private final int last;
  private final Tensor tensor;

  /**
   * @param moments the most moments there can be
   * @param figures of each moment
   * @param last the figure that a moment ends with: where it is, the moment was measured
   */
  MeasuredFigures(int moments, int figures, int last) {
    this.moments = moments;
    this.last = last;
    tensor = Tensor.zeros(DType.F64, Device.CPU, moments, figures);
    for (int moment = 0; moment < moments; moment++) {
      set(moment, last, NOT_MEASURED);
    }
  }

  /** All figures, (moments, figures) F64. */
  Tensor tensor() {
    return tensor;
  }

  double get(int moment, int figure) {
    try (var _ = Scope.open()) {
      return place(moment, figure).item();
    }
  }

  void set(int moment, int figure, double value) {
    try (var _ = Scope.open()) {
      place(moment, figure).fillInPlace(value);
    }
  }

  private Tensor place(int moment, int figure) {
    return tensor.select(0, moment).select(0, figure);
  }

  /** How many moments were measured. */
  int measured() {
    int measured = 0;
    while (measured < moments && get(measured, last) != NOT_MEASURED) {
      measured++;
    }
    return measured;
  }

  @Override
  public void close() {
    tensor.close();
  }
}
