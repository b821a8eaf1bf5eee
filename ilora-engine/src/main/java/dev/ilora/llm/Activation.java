package dev.ilora.llm;

import dev.ilora.tensor.Tensor;

/** What opens the gate of a feed-forward layer. */
public enum Activation {
  /** {@code x · sigmoid(x)}. */
  SILU("silu"),
  /** {@code x · Φ(x)}, Φ approximated by a tanh. */
  GELU_TANH("gelu_pytorch_tanh");

  private final String published;

  Activation(String published) {
    this.published = published;
  }

  /** As in {@code config.json}. */
  public String published() {
    return published;
  }

  Tensor of(Tensor x) {
    return switch (this) {
      case SILU -> x.silu();
      case GELU_TANH -> x.geluTanh();
    };
  }

  /** Gradient at x from that at {@code of(x)}. */
  Tensor backward(Tensor x, Tensor gradient) {
    return switch (this) {
      case SILU -> x.siluBackward(gradient);
      case GELU_TANH -> x.geluTanhBackward(gradient);
    };
  }
}
