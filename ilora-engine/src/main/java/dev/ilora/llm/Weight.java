package dev.ilora.llm;

import dev.ilora.gguf.PackedMatrix;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One weight of a decoder as it is held: as the tensor that is multiplied, or in fewer bits, from
 * which that tensor is computed for the time of one use. Values do not depend on how it is held,
 * only on how they were rounded; only products of {@link Coded} round their scales once more.
 *
 * <p>O rows, I columns, N tokens.
 */
sealed interface Weight extends AutoCloseable {

  /** As it is multiplied, on its device; may be trained. */
  record Dense(Tensor tensor) implements Weight {
    @Override
    public Tensor use() {
      return tensor;
    }

    @Override
    public Tensor rows(long from, long to) {
      return tensor.slice(0, from, to);
    }

    @Override
    public Tensor rows(Tensor indices) {
      return tensor.embedding(indices.to(tensor.device()));
    }

    @Override
    public Weight part(long from, long to) {
      return new Dense(tensor.slice(0, from, to));
    }

    @Override
    public long bytes() {
      return tensor.numel() * tensor.dtype().bytes();
    }

    @Override
    public void close() {
      tensor.close();
    }
  }

  /**
   * In another floating type, on the CPU.
   *
   * @param held the values, (O, I)
   * @param dtype they are multiplied in
   * @param device they are multiplied on
   */
  record Typed(Tensor held, DType dtype, Device device) implements Weight {
    @Override
    public Tensor use() {
      return multiplied(() -> held);
    }

    @Override
    public Tensor rows(long from, long to) {
      return multiplied(() -> held.slice(0, from, to));
    }

    @Override
    public Tensor rows(Tensor indices) {
      return multiplied(() -> held.embedding(indices.to(Device.CPU)));
    }

    private Tensor multiplied(Supplier<Tensor> values) {
      try (var scope = Scope.open()) {
        return scope.keep(values.get().to(dtype).to(device));
      }
    }

    @Override
    public Weight part(long from, long to) {
      return new Typed(held.slice(0, from, to), dtype, device);
    }

    @Override
    public long bytes() {
      return held.numel() * held.dtype().bytes();
    }

    @Override
    public void close() {
      held.close();
    }
  }

  /**
   * In quantised blocks, on the CPU.
   *
   * @param held the blocks, (O, I)
   * @param dtype the values are multiplied in
   * @param device they are multiplied on
   */
  record Packed(PackedMatrix held, DType dtype, Device device) implements Weight {
    @Override
    public Weight decoding() {
      return dtype == DType.BF16 && device.equals(Device.CPU) ? new Coded(this) : this;
    }

    @Override
    public Tensor use() {
      return held.values(dtype, device);
    }

    @Override
    public Tensor rows(long from, long to) {
      return held.rows(from, to).values(dtype, device);
    }

    @Override
    public Tensor rows(Tensor indices) {
      try (var scope = Scope.open()) {
        Tensor found = held.rows(indices.to(Device.CPU).reshape(-1)).values(dtype, device);
        long[] shape = Arrays.copyOf(indices.shape(), indices.dim() + 1);
        shape[indices.dim()] = held.columns();
        return scope.keep(found.view(shape));
      }
    }

    @Override
    public Weight part(long from, long to) {
      return new Packed(held.rows(from, to), dtype, device);
    }

    @Override
    public long bytes() {
      return held.byteSize();
    }

    @Override
    public void close() {
      held.close();
    }
  }

  /**
   * In quantised blocks that are multiplied from their codes where rows are few. What that takes is
   * made at the first product and kept with the blocks.
   *
   * @param packed the same weight for other products
   */
  record Coded(Packed packed) implements Weight {
    /** The most rows for which a product from the codes is faster than one from values. */
    private static final int FEW = 16;

    @Override
    public Tensor linear(Tensor x, Tensor bias) {
      return product(x)
          .map(product -> bias == null ? product : product.addInPlace(bias, 1))
          .orElseGet(() -> packed.linear(x, bias));
    }

    @Override
    public Tensor near(Tensor x) {
      return product(x).or(() -> packed.held().nearProduct(x)).orElseGet(() -> packed.near(x));
    }

    @Override
    public Tensor addTo(Tensor sum, Tensor x) {
      return product(x)
          .map(product -> product.addInPlace(sum, 1))
          .orElseGet(() -> packed.addTo(sum, x));
    }

    @Override
    public long decodingBytes() {
      return packed.held().productBytes();
    }

    private Optional<Tensor> product(Tensor x) {
      return x.size(0) <= FEW && !x.requiresGrad() ? packed.held().product(x) : Optional.empty();
    }

    @Override
    public Tensor use() {
      return packed.use();
    }

    @Override
    public Tensor rows(long from, long to) {
      return packed.rows(from, to);
    }

    @Override
    public Tensor rows(Tensor indices) {
      return packed.rows(indices);
    }

    @Override
    public Weight part(long from, long to) {
      return packed.part(from, to);
    }

    @Override
    public long bytes() {
      return packed.bytes();
    }

    @Override
    public void close() {
      packed.close();
    }
  }

  /** The matrix that is multiplied, (O, I): held already, or computed in the caller's scope. */
  Tensor use();

  /** Rows of it, computed in the caller's scope or a view. */
  Tensor rows(long from, long to);

  /**
   * Copies of rows of it.
   *
   * @param indices I64, any shape
   * @return (..., I)
   */
  Tensor rows(Tensor indices);

  /** Rows as a weight of their own over the same memory. */
  Weight part(long from, long to);

  /**
   * The same weight for decoding, one token of each row at a time: what comes out of its products
   * may differ by what 16 bits round.
   */
  default Weight decoding() {
    return this;
  }

  /** Bytes it takes as it is held. */
  long bytes();

  /** Bytes that decoding keeps beside it. */
  default long decodingBytes() {
    return 0;
  }

  /** Frees what is held. */
  @Override
  void close();

  /** Does something with the matrix and frees it, where it was computed for that. */
  private Tensor once(UnaryOperator<Tensor> work) {
    if (this instanceof Dense(Tensor matrix)) {
      return work.apply(matrix);
    }
    try (var scope = Scope.open()) {
      return scope.keep(work.apply(use()));
    }
  }

  /** {@code x · Wᵀ + bias}, (N, O), of (N, I). */
  default Tensor linear(Tensor x, Tensor bias) {
    return once(matrix -> x.linear(matrix, bias));
  }

  /**
   * {@code x · Wᵀ}, or nearly, where that is faster: for a first choice among many rows of W.
   *
   * @param x without a graph, (N, I), few rows
   * @return (N, O)
   */
  default Tensor near(Tensor x) {
    return linear(x, null);
  }

  /** {@code sum + x · Wᵀ} in one product, (N, O), of (N, O) and (N, I). */
  default Tensor addTo(Tensor sum, Tensor x) {
    return once(matrix -> sum.addmm(x, matrix.transpose(0, 1)));
  }

  /** Gradient of x from that of {@code x · Wᵀ}, (N, I), of (N, O). */
  default Tensor backward(Tensor gradient) {
    return once(gradient::matmul);
  }

  /** Adds that gradient to another, in place, and returns it. */
  default Tensor addBackward(Tensor to, Tensor gradient) {
    if (this instanceof Dense(Tensor matrix)) {
      return to.addmmInPlace(gradient, matrix);
    }
    try (var _ = Scope.open()) {
      return to.addmmInPlace(gradient, use());
    }
  }

  /** Whether gradients of the weight itself are wanted. */
  default boolean requiresGrad() {
    return this instanceof Dense(Tensor tensor) && tensor.requiresGrad();
  }

  /** Adds to the gradient of a trained weight. */
  default void addGrad(Tensor gradient) {
    use().addGrad(gradient);
  }
}
