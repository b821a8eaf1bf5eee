package dev.ilora.tensor;

import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Whole layers that libtorch computes in one operation, with gradients. */
public final class Layers {
  private Layers() {}

  /**
   * Root-mean-square norm over the last dimension, times weight.
   *
   * @param x (..., C)
   * @param weight (C)
   */
  public static Tensor rmsNorm(Tensor x, Tensor weight, double epsilon) {
    return Tensor.of(
        torch.rms_norm(
            x.raw(),
            new long[] {weight.size(0)},
            new TensorOptional(weight.raw()),
            new DoubleOptional(epsilon)));
  }

  /**
   * Layer norm over the last dimension.
   *
   * @param x (..., C)
   * @param weight (C)
   * @param bias (C)
   */
  public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
    return Tensor.of(
        torch.layer_norm(
            x.raw(),
            new long[] {weight.size(0)},
            new TensorOptional(weight.raw()),
            new TensorOptional(bias.raw()),
            epsilon,
            false));
  }

  /**
   * Scaled dot-product attention, (B, H, T, D).
   *
   * @param queries (B, H, T, D)
   * @param keys (B, H, S, D)
   * @param values (B, H, S, D)
   * @param mask null, BOOL (true = may attend) or additive, broadcast to (B, H, T, S)
   * @param causal whether query t sees keys up to t only (then mask must be null)
   * @param scale of the products of queries and keys
   */
  public static Tensor scaledDotProductAttention(
      Tensor queries, Tensor keys, Tensor values, Tensor mask, boolean causal, double scale) {
    return Tensor.of(
        torch.scaled_dot_product_attention(
            queries.raw(),
            keys.raw(),
            values.raw(),
            mask == null ? new TensorOptional() : new TensorOptional(mask.raw()),
            0.0,
            causal,
            new DoubleOptional(scale),
            false));
  }

  /**
   * States of a gated recurrent layer that starts at zero, (B, T, H).
   *
   * @param x (B, T, I)
   * @param inputWeight of the reset, update and candidate gates, one below the other, (3H, I)
   * @param stateWeight (3H, H)
   * @param inputBias (3H)
   * @param stateBias (3H)
   */
  public static Tensor gru(
      Tensor x, Tensor inputWeight, Tensor stateWeight, Tensor inputBias, Tensor stateBias) {
    Tensor start = Tensor.zeros(x.dtype(), x.device(), 1, x.size(0), stateWeight.size(1));
    TensorVector weights = Tensor.vector(List.of(inputWeight, stateWeight, inputBias, stateBias));
    return Tensor.of(
        torch.gru(x.raw(), start.raw(), weights, true, 1, 0, true, false, true).get0());
  }

  /**
   * Mean cross-entropy, one number.
   *
   * @param logits (N, V)
   * @param targets I64, (N)
   */
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return Tensor.of(torch.cross_entropy_loss(logits.raw(), targets.raw()));
  }

  /**
   * Convolution without bias.
   *
   * @param x (N, C, T)
   * @param weight (O, C, t)
   * @param padding zeros added at both ends
   */
  public static Tensor conv1d(Tensor x, Tensor weight, long stride, long padding) {
    long[] ones = {1};
    return Tensor.of(
        torch.conv1d(
            x.raw(),
            weight.raw(),
            new TensorOptional(),
            new long[] {stride},
            new long[] {padding},
            ones,
            1));
  }

  /**
   * Batch norm over the channels; in training by the batch's own statistics, which then move the
   * running ones.
   *
   * @param x (N, C, T)
   * @param weight (C), as bias and the running statistics
   */
  public static Tensor batchNorm(
      Tensor x,
      Tensor weight,
      Tensor bias,
      Tensor runningMean,
      Tensor runningVariance,
      boolean training,
      double momentum,
      double epsilon) {
    return Tensor.of(
        torch.batch_norm(
            x.raw(),
            new TensorOptional(weight.raw()),
            new TensorOptional(bias.raw()),
            new TensorOptional(runningMean.raw()),
            new TensorOptional(runningVariance.raw()),
            training,
            momentum,
            epsilon,
            false));
  }
}
