package dev.ilora.tensor;

import static dev.ilora.tensor.Natives.permanent;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A multi-dimensional array on a device, with automatic differentiation. A thin view of libtorch's
 * tensor: methods have torch's names in Java's spelling and follow its semantics (broadcasting,
 * negative dimensions count from the end). Methods whose name ends in {@code InPlace} are torch's
 * with an underscore: they change this tensor and return it.
 *
 * <p>Errors: what libtorch refuses, such as shapes that do not fit, is thrown as {@link
 * RuntimeException} with libtorch's text, which names the shapes. {@link #requireShape} and the
 * factory methods throw {@link IllegalArgumentException}.
 *
 * <p>Memory: see {@link Scope}.
 */
public final class Tensor implements AutoCloseable {
  private static final ScalarTypeOptional NO_TYPE;
  private static final LongOptional NO_LONG;

  static {
    Natives.load();
    NO_TYPE = permanent(new ScalarTypeOptional());
    NO_LONG = permanent(new LongOptional());
  }

  private final org.bytedeco.pytorch.Tensor raw;

  Tensor(org.bytedeco.pytorch.Tensor raw) {
    this.raw = raw;
  }

  org.bytedeco.pytorch.Tensor raw() {
    return raw;
  }

  static Tensor of(org.bytedeco.pytorch.Tensor raw) {
    return new Tensor(raw);
  }

  // ---- making tensors

  static TensorOptions options(DType dtype, Device device) {
    TensorOptions options = new TensorOptions(dtype.scalarType());
    return device.equals(Device.CPU)
        ? options
        : options.device(new org.bytedeco.pytorch.DeviceOptional(device.torchDevice()));
  }

  private static long elements(long[] shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    return count;
  }

  private static void requireElements(long given, long[] shape) {
    if (given != elements(shape)) {
      throw new IllegalArgumentException(
          "%s values do not fill the shape %s".formatted(given, Arrays.toString(shape)));
    }
  }

  private static Tensor copyOf(Pointer values, DType dtype, long[] shape) {
    try (values) {
      var view = torch.from_blob(values, shape, options(dtype, Device.CPU));
      return of(view.clone());
    }
  }

  /** Returns a copy of values as an F32 tensor on the CPU. */
  public static Tensor of(float[] values, long... shape) {
    requireElements(values.length, shape);
    return copyOf(new FloatPointer(values), DType.F32, shape);
  }

  /** Returns a copy of values as an I64 tensor on the CPU. */
  public static Tensor of(long[] values, long... shape) {
    requireElements(values.length, shape);
    return copyOf(new LongPointer(values), DType.I64, shape);
  }

  /** Returns a copy of values as an I64 tensor on the CPU. */
  public static Tensor ofInts(int[] values, long... shape) {
    return of(Arrays.stream(values).asLongStream().toArray(), shape);
  }

  /** Returns a copy of values as a BOOL tensor on the CPU. */
  public static Tensor of(boolean[] values, long... shape) {
    requireElements(values.length, shape);
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return copyOf(new BytePointer(bytes), DType.BOOL, shape);
  }

  /**
   * A tensor on the CPU whose elements the caller writes, as they lie in memory.
   *
   * @param writer writes every byte of the memory, which is valid during the call
   */
  public static Tensor written(DType dtype, Consumer<MemorySegment> writer, long... shape) {
    Tensor tensor = of(torch.empty(shape, options(dtype, Device.CPU), new MemoryFormatOptional()));
    writer.accept(NativeBytes.of(tensor));
    return tensor;
  }

  /** Lets it outlive every scope that is open: it lives until {@link #close()}. Returns it. */
  public Tensor owned() {
    raw.retainReference();
    return this;
  }

  /**
   * Lends the memory of a contiguous tensor on the CPU, its elements as they lie there.
   *
   * @param reader reads the memory, which is valid during the call
   */
  public void lend(Consumer<MemorySegment> reader) {
    reader.accept(NativeBytes.of(this));
  }

  /** Zeros. */
  public static Tensor zeros(DType dtype, Device device, long... shape) {
    return of(torch.zeros(shape, options(dtype, device)));
  }

  /** Zeros in F32 on the CPU. */
  public static Tensor zeros(long... shape) {
    return zeros(DType.F32, Device.CPU, shape);
  }

  /** Ones. */
  public static Tensor ones(DType dtype, Device device, long... shape) {
    return of(torch.ones(shape, options(dtype, device)));
  }

  /** One value everywhere. */
  public static Tensor full(double value, DType dtype, Device device, long... shape) {
    return zeros(dtype, device, shape).fillInPlace(value);
  }

  /** 0, 1, ... end-1 as I64. */
  public static Tensor arange(long end, Device device) {
    return of(torch.arange(new Scalar(end), options(DType.I64, device)));
  }

  /** Standard normal values in F32 on the CPU, from the engine's generator ({@link Torch#seed}). */
  public static Tensor randn(long... shape) {
    return zeros(shape).normalInPlace(0, 1);
  }

  // ---- what it is

  /** Size of every dimension. */
  public long[] shape() {
    return raw.sizes().vec().get();
  }

  /** Size of one dimension; negative counts from the end. */
  public long size(int dim) {
    return raw.size(dim);
  }

  /** Number of dimensions. */
  public int dim() {
    return (int) raw.dim();
  }

  /** Number of elements. */
  public long numel() {
    return raw.numel();
  }

  /** Type of the elements. */
  public DType dtype() {
    return DType.of(raw.scalar_type());
  }

  /** Where the elements are. */
  public Device device() {
    return raw.is_cuda() ? new Device("cuda", raw.device().index()) : Device.CPU;
  }

  /** Whether gradients are computed for this tensor. */
  public boolean requiresGrad() {
    return raw.requires_grad();
  }

  /**
   * Checks the exact shape; -1 accepts any size. The message names what, the expected and the given
   * shape.
   */
  public Tensor requireShape(String what, long... expected) {
    long[] given = shape();
    boolean fits = given.length == expected.length;
    for (int i = 0; fits && i < expected.length; i++) {
      fits = expected[i] == -1 || expected[i] == given[i];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "%s: expected shape %s, got %s"
              .formatted(
                  what, Arrays.toString(expected).replace("-1", "any"), Arrays.toString(given)));
    }
    return this;
  }

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape()) + " " + dtype() + " on " + device();
  }

  // ---- values back to Java

  /** All values in row-major order, from any device. */
  public float[] toFloats() {
    try (var _ = Scope.open()) {
      var flat = raw.detach().to(torch.ScalarType.Float).cpu().contiguous();
      float[] values = new float[(int) flat.numel()];
      if (values.length > 0) {
        flat.data_ptr_float().get(values);
      }
      return values;
    }
  }

  /** All values in row-major order, fractions cut off. */
  public long[] toLongs() {
    try (var _ = Scope.open()) {
      var flat = raw.detach().to(torch.ScalarType.Long).cpu().contiguous();
      long[] values = new long[(int) flat.numel()];
      if (values.length > 0) {
        flat.data_ptr_long().get(values);
      }
      return values;
    }
  }

  /** All values in row-major order, fractions cut off. */
  public int[] toInts() {
    try (var _ = Scope.open()) {
      var flat = raw.detach().to(torch.ScalarType.Int).cpu().contiguous();
      int[] values = new int[(int) flat.numel()];
      if (values.length > 0) {
        new IntPointer(flat.data_ptr_int()).get(values);
      }
      return values;
    }
  }

  /** The only value of a tensor with one element. */
  public double item() {
    return raw.item_double();
  }

  // ---- gradients

  /** Turns gradients on or off for this leaf, and returns it. */
  public Tensor requiresGrad(boolean on) {
    raw.requires_grad_(on);
    return this;
  }

  /** The accumulated gradient, or null where none reached this tensor. */
  public Tensor grad() {
    var gradient = raw.grad();
    return gradient.defined() ? of(gradient) : null;
  }

  /** Forgets the accumulated gradient and frees its memory. */
  public void clearGrad() {
    raw.mutable_grad().reset();
  }

  /** Adds to the accumulated gradient. */
  public void addGrad(Tensor gradient) {
    Tensor own = grad();
    if (own == null) {
      raw.mutable_grad().put(gradient.raw);
    } else {
      own.addInPlace(gradient, 1);
    }
  }

  /** Adds the gradients of this one-element tensor to the leaves it came from. */
  public void backward() {
    raw.backward();
  }

  /** Propagates a gradient of this tensor's shape. */
  public void backward(Tensor gradient) {
    raw.backward(
        gradient.raw, new BoolOptional(), false, new org.bytedeco.pytorch.TensorArrayRefOptional());
  }

  /** The same values without a graph, a view. */
  public Tensor detach() {
    return of(raw.detach());
  }

  // ---- types and places

  /** The values in another type; this tensor where it has that type. */
  public Tensor to(DType dtype) {
    return dtype() == dtype ? this : of(raw.to(dtype.scalarType()));
  }

  /** The values on another device; this tensor where it is there. */
  public Tensor to(Device device) {
    return device().equals(device) ? this : of(raw.to(device.torchDevice(), dtype().scalarType()));
  }

  /** The same values in memory of their own: torch's {@code clone}. */
  public Tensor copy() {
    return of(raw.clone());
  }

  /** The same values in row-major order in memory, copied unless they lie so already. */
  public Tensor contiguous() {
    return of(raw.contiguous());
  }

  // ---- arithmetic

  /** {@code this + other}. */
  public Tensor add(Tensor other) {
    return of(raw.add(other.raw));
  }

  /** {@code this + value}. */
  public Tensor add(double value) {
    return of(raw.add(new Scalar(value)));
  }

  /** {@code this - other}. */
  public Tensor sub(Tensor other) {
    return of(raw.sub(other.raw));
  }

  /** {@code this · other}, element by element. */
  public Tensor mul(Tensor other) {
    return of(raw.mul(other.raw));
  }

  /** {@code this · value}. */
  public Tensor mul(double value) {
    return of(raw.mul(new Scalar(value)));
  }

  /** {@code this / value}. */
  public Tensor div(double value) {
    return of(raw.div(new Scalar(value)));
  }

  /** Squares. */
  public Tensor square() {
    return of(raw.square());
  }

  /** Square roots. */
  public Tensor sqrt() {
    return of(raw.sqrt());
  }

  /** Reciprocals of square roots. */
  public Tensor rsqrt() {
    return of(raw.rsqrt());
  }

  /** Cosines of radians. */
  public Tensor cos() {
    return of(raw.cos());
  }

  /** Sines of radians. */
  public Tensor sin() {
    return of(raw.sin());
  }

  /** {@code 1 / (1 + exp(-x))}. */
  public Tensor sigmoid() {
    return of(raw.sigmoid());
  }

  /** Hyperbolic tangents. */
  public Tensor tanh() {
    return of(raw.tanh());
  }

  /** {@code max(x, 0)}. */
  public Tensor relu() {
    return of(raw.relu());
  }

  /** {@code x · Φ(x)}, Φ the normal distribution function. */
  public Tensor gelu() {
    return of(torch.gelu(raw));
  }

  /** As {@link #gelu}, with Φ approximated by a tanh. */
  public Tensor geluTanh() {
    return of(torch.gelu(raw, "tanh"));
  }

  /** Gradient at the input of {@link #geluTanh} (this) from the gradient at its output. */
  public Tensor geluTanhBackward(Tensor gradient) {
    return of(torch.gelu_backward(gradient.raw, raw, "tanh"));
  }

  /** {@code x · sigmoid(x)}. */
  public Tensor silu() {
    return of(torch.silu(raw));
  }

  /** Gradient at the input of {@link #silu} (this) from the gradient at its output. */
  public Tensor siluBackward(Tensor gradient) {
    return of(torch.silu_backward(gradient.raw, raw));
  }

  // ---- products

  /** Matrix product over the last two dimensions; others are broadcast. */
  public Tensor matmul(Tensor other) {
    return of(raw.matmul(other.raw));
  }

  /** Products of the matrices of two stacks, (B, M, K) and (B, K, N) to (B, M, N). */
  public Tensor bmm(Tensor other) {
    return of(torch.bmm(raw, other.raw));
  }

  /** {@code x · weightᵀ}, weight (O, I). */
  public Tensor linear(Tensor weight) {
    return of(torch.linear(raw, weight.raw));
  }

  /** {@code x · weightᵀ + bias}, weight (O, I), bias (O) or null. */
  public Tensor linear(Tensor weight, Tensor bias) {
    return bias == null
        ? linear(weight)
        : of(torch.linear(raw, weight.raw, new TensorOptional(bias.raw)));
  }

  /** {@code this + a · b} of matrices, in one product. */
  public Tensor addmm(Tensor a, Tensor b) {
    return of(raw.addmm(a.raw, b.raw));
  }

  /** A contiguous last dimension of two reals as complex numbers, a view. */
  public Tensor viewAsComplex() {
    return of(torch.view_as_complex(raw));
  }

  /** Complex numbers as a last dimension of two reals, a view. */
  public Tensor viewAsReal() {
    return of(torch.view_as_real(raw));
  }

  /** Complex conjugates in memory of their own. */
  public Tensor conjPhysical() {
    return of(raw.conj_physical());
  }

  /** Whole quotients, rounded down. */
  public Tensor floorDivide(long divisor) {
    return of(raw.floor_divide(new Scalar(divisor)));
  }

  // ---- reductions

  /** Sum of all elements. */
  public Tensor sum() {
    return of(raw.sum());
  }

  /** Whether all elements are finite numbers, as whole ones always are. */
  public boolean isFinite() {
    try (var _ = Scope.open()) {
      var values = raw.detach();
      // One pass without memory of its own; only a sum that is too large needs the exact answer.
      return Double.isFinite(values.sum().item_double())
          || torch.isfinite(values).all().item_bool();
    }
  }

  /** Whether another tensor has the same shape and equal elements. */
  public boolean hasValuesOf(Tensor other) {
    return raw.equal(other.raw);
  }

  /** Sums along a dimension, which disappears unless kept with size 1. */
  public Tensor sum(int dim, boolean keepDim) {
    return of(raw.sum(new long[] {dim}, keepDim, NO_TYPE));
  }

  /** Mean of all elements. */
  public Tensor mean() {
    return of(raw.mean());
  }

  /** Means along a dimension. */
  public Tensor mean(int dim, boolean keepDim) {
    return of(raw.mean(new long[] {dim}, keepDim, NO_TYPE));
  }

  /** Largest values along a dimension. */
  public Tensor max(int dim, boolean keepDim) {
    return of(raw.max(dim, keepDim).get0());
  }

  /** As {@link #max}, several times faster; ties share a gradient. */
  public Tensor amax(int dim, boolean keepDim) {
    return of(raw.amax(new long[] {dim}, keepDim));
  }

  /** I64 index of the largest value along a dimension. */
  public Tensor argmax(int dim) {
    return of(raw.argmax(new LongOptional(dim), false));
  }

  /** {@code exp(x)} divided by its sum along a dimension. */
  public Tensor softmax(int dim) {
    return of(raw.softmax(dim));
  }

  /** Logarithm of {@link #softmax}. */
  public Tensor logSoftmax(int dim) {
    return of(raw.log_softmax(dim));
  }

  /** {@code log Σ exp(x)} along a dimension. */
  public Tensor logsumexp(int dim, boolean keepDim) {
    return of(raw.logsumexp(new long[] {dim}, keepDim));
  }

  /** Euclidean norms along a dimension, summed up in F32. */
  public Tensor vectorNorm(int dim, boolean keepDim) {
    return of(
        torch.linalg_vector_norm(
            raw,
            new Scalar(2.0),
            new long[] {dim},
            keepDim,
            new ScalarTypeOptional(torch.ScalarType.Float)));
  }

  /** Euclidean norm of all elements. */
  public Tensor norm() {
    return of(raw.norm());
  }

  /** Values and indices of the k largest along a dimension, largest first. */
  public TopK topk(int k, int dim) {
    var both = raw.topk(k, dim, true, true);
    return new TopK(of(both.get0()), of(both.get1()));
  }

  /**
   * The k largest values and where they stand.
   *
   * @param values largest first
   * @param indices I64
   */
  public record TopK(Tensor values, Tensor indices) {}

  // ---- shape

  /** Another shape of the same memory; one size may be -1. */
  public Tensor view(long... shape) {
    return of(raw.view(shape));
  }

  /**
   * The same memory read as another type, a view: the last dimension grows or shrinks with the size
   * of the elements.
   */
  public Tensor view(DType dtype) {
    return of(raw.view(dtype.scalarType()));
  }

  /** Another shape, a view where the memory allows it, else a copy; one size may be -1. */
  public Tensor reshape(long... shape) {
    return of(raw.reshape(shape));
  }

  /** Two dimensions exchanged, a view. */
  public Tensor transpose(int a, int b) {
    return of(raw.transpose(a, b));
  }

  /** The dimensions in another order, a view. */
  public Tensor permute(long... dims) {
    return of(raw.permute(dims));
  }

  /** A new dimension of size 1 at this place, a view. */
  public Tensor unsqueeze(int dim) {
    return of(raw.unsqueeze(dim));
  }

  /** Without a dimension of size 1, a view. */
  public Tensor squeeze(int dim) {
    return of(raw.squeeze(dim));
  }

  /** Dimensions of size 1 repeated to a shape, a view; -1 keeps a size. */
  public Tensor expand(long... shape) {
    return of(raw.expand(shape));
  }

  /** Each slice of a dimension repeated, one after the other. */
  public Tensor repeatInterleave(long times, int dim) {
    return of(raw.repeat_interleave(times, new LongOptional(dim), NO_LONG));
  }

  /** Tensors one after the other along a dimension. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    return of(torch.cat(vector(tensors), dim));
  }

  /** Tensors of one shape along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    return of(torch.stack(vector(tensors), dim));
  }

  static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(
        tensors.stream().map(t -> t.raw).toArray(org.bytedeco.pytorch.Tensor[]::new));
  }

  // ---- picking

  /** Elements start to end-1 of a dimension, a view; both must lie within its size. */
  public Tensor slice(int dim, long start, long end) {
    return of(raw.narrow(dim, start, end - start));
  }

  /** Consecutive pieces of one size along a dimension, views; the last may be smaller. */
  public List<Tensor> split(long size, int dim) {
    TensorVector pieces = torch.split(raw, size, dim);
    List<Tensor> list = new ArrayList<>();
    for (long i = 0; i < pieces.size(); i++) {
      list.add(of(new org.bytedeco.pytorch.Tensor(pieces.get(i))));
    }
    return list;
  }

  /** Every step-th element from start to end-1 of a dimension, a view. */
  public Tensor slice(int dim, long start, long end, long step) {
    return of(raw.slice(dim, new LongOptional(start), new LongOptional(end), step));
  }

  /** One index of a dimension, which disappears; a view. */
  public Tensor select(int dim, long index) {
    return of(raw.select(dim, index));
  }

  /** Whole slices of a dimension by an I64 vector of indices. */
  public Tensor indexSelect(int dim, Tensor indices) {
    return of(raw.index_select(dim, indices.raw));
  }

  /** The elements at I64 indices of a dimension, of the shape of the indices. */
  public Tensor gather(int dim, Tensor indices) {
    return of(raw.gather(dim, indices.raw));
  }

  /** Rows of this (V, C) table by I64 indices of any shape: (..., C). */
  public Tensor embedding(Tensor indices) {
    return of(torch.embedding(raw, indices.raw));
  }

  /** A copy with the value where a BOOL mask holds. */
  public Tensor maskedFill(Tensor mask, double value) {
    return of(raw.masked_fill(mask.raw, new Scalar(value)));
  }

  /** A copy with the source's elements put at I64 indices of a dimension. */
  public Tensor scatter(int dim, Tensor indices, Tensor source) {
    return of(raw.scatter(dim, indices.raw, source.raw));
  }

  /** A copy with {@code source} rows put at {@code indices} of a dimension. */
  public Tensor indexCopy(int dim, Tensor indices, Tensor source) {
    return of(raw.index_copy(dim, indices.raw, source.raw));
  }

  /** BOOL: {@code this >= other}. */
  public Tensor ge(Tensor other) {
    return of(raw.ge(other.raw));
  }

  /** BOOL: {@code this >= value}. */
  public Tensor ge(long value) {
    return of(raw.ge(new Scalar(value)));
  }

  /** BOOL: whether the element is 0 or false. */
  public Tensor logicalNot() {
    return of(raw.logical_not());
  }

  /** Keeps the lower triangle (diagonal and below when 0) of the last two dimensions. */
  public Tensor tril(int diagonal) {
    return of(raw.tril(diagonal));
  }

  // ---- random

  /** Inverted dropout; the identity unless training. */
  public Tensor dropout(double probability, boolean training) {
    return training && probability > 0 ? of(torch.dropout(raw, probability, true)) : this;
  }

  // ---- in place

  /** {@code this += a · b} of matrices; unlike the other in-place ones, gradients pass through. */
  public Tensor addmmInPlace(Tensor a, Tensor b) {
    raw.addmm_(a.raw, b.raw);
    return this;
  }

  /** {@code this = a · b} of matrices, and returns this tensor. */
  public Tensor mmOut(Tensor a, Tensor b) {
    torch.mm_out(raw, a.raw, b.raw);
    return this;
  }

  /** {@code this = source}, from any type and device. */
  public Tensor copyInPlace(Tensor source) {
    raw.copy_(source.raw);
    return this;
  }

  /** {@code this = value}. */
  public Tensor fillInPlace(double value) {
    raw.fill_(new Scalar(value));
    return this;
  }

  /** Normal values from the engine's generator ({@link Torch#seed}). */
  public Tensor normalInPlace(double mean, double deviation) {
    raw.normal_(mean, deviation, new org.bytedeco.pytorch.GeneratorOptional());
    return this;
  }

  /** Any I64 values, all equally likely, from the engine's generator ({@link Torch#seed}). */
  public Tensor randomInPlace() {
    raw.random_(Long.MIN_VALUE, NO_LONG, new org.bytedeco.pytorch.GeneratorOptional());
    return this;
  }

  /** {@code this += factor · other}. */
  public Tensor addInPlace(Tensor other, double factor) {
    raw.add_(other.raw, new Scalar(factor));
    return this;
  }

  /** Softmax along the last dimension, in place. */
  public Tensor softmaxInPlace() {
    torch.softmax_out(raw, raw, -1);
    return this;
  }

  /** Logarithm of the softmax along the last dimension, in place. */
  public Tensor logSoftmaxInPlace() {
    torch.log_softmax_out(raw, raw, -1);
    return this;
  }

  /** {@code this = exp(this)}. */
  public Tensor expInPlace() {
    raw.exp_();
    return this;
  }

  /** Adds the source's elements at I64 indices of a dimension. */
  public Tensor scatterAddInPlace(int dim, Tensor indices, Tensor source) {
    raw.scatter_add_(dim, indices.raw, source.raw);
    return this;
  }

  /** {@code this *= other}, element by element. */
  public Tensor mulInPlace(Tensor other) {
    raw.mul_(other.raw);
    return this;
  }

  /** {@code this *= value}. */
  public Tensor mulInPlace(double value) {
    raw.mul_(new Scalar(value));
    return this;
  }

  /** {@code this += factor · a · b}. */
  public Tensor addcmulInPlace(Tensor a, Tensor b, double factor) {
    raw.addcmul_(a.raw, b.raw, new Scalar(factor));
    return this;
  }

  /** {@code this += factor · a / b}. */
  public Tensor addcdivInPlace(Tensor a, Tensor b, double factor) {
    raw.addcdiv_(a.raw, b.raw, new Scalar(factor));
    return this;
  }

  /** Frees the native memory now, whatever scope it belongs to. */
  @Override
  public void close() {
    raw.close();
  }
}
