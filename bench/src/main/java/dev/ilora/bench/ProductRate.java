package dev.ilora.bench;

import dev.ilora.adapter.Projection;
import dev.ilora.llm.Llama;
import dev.ilora.machine.Workers;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.EnumMap;
import java.util.Map;

/**
 * Nothing but the matrix products of a frozen model's projections, forward and input gradient, over
 * the tokens of a batch: the rate the engine reaches with these shapes on this machine now. Every
 * thread takes a share of the tokens, as in training, which is faster than sharing each product.
 *
 * <p>N tokens, I input width, O output width.
 */
final class ProductRate implements AutoCloseable {
  private final Llama llama;
  private final long tokens;
  private final int threads;
  private final Map<Projection, Tensor> inputs = new EnumMap<>(Projection.class);
  private final Map<Projection, Tensor> gradients = new EnumMap<>(Projection.class);

  /**
   * @param llama whose weights and type are multiplied with
   * @param tokens N of all threads together, about
   */
  ProductRate(Llama llama, long tokens) {
    this.llama = llama;
    this.threads = Torch.threads();
    this.tokens = Math.ceilDiv(tokens, threads);
    var shape = llama.config().shape();
    for (Projection projection : Projection.values()) {
      inputs.put(projection, random(shape.inputOf(projection)));
      gradients.put(projection, random(shape.outputOf(projection)));
    }
  }

  private Tensor random(long width) {
    try (var scope = Scope.open()) {
      return scope.keep(Tensor.randn(tokens, width).to(llama.device()).to(llama.dtype()));
    }
  }

  /** Floating-point operations of {@link #run}. */
  double operations() {
    var shape = llama.config().shape();
    double weights = 0;
    for (Projection projection : Projection.values()) {
      weights += (double) shape.inputOf(projection) * shape.outputOf(projection);
    }
    return 4.0 * threads * tokens * weights * llama.config().layers();
  }

  /** All products of all layers. */
  void run() {
    Workers.sum(
        threads,
        _ -> {
          share();
          return 0;
        });
  }

  private void share() {
    Torch.noGrad(
        () -> {
          for (int layer = 0; layer < llama.config().layers(); layer++) {
            for (Projection projection : Projection.values()) {
              multiply(
                  llama
                      .parameters()
                      .get("model.layers." + layer + "." + projection.path() + ".weight"),
                  projection);
            }
          }
        });
  }

  private void multiply(Tensor weight, Projection projection) {
    try (var _ = Scope.open()) {
      inputs.get(projection).linear(weight);
    }
    try (var _ = Scope.open()) {
      gradients.get(projection).matmul(weight);
    }
  }

  @Override
  public void close() {
    inputs.values().forEach(Tensor::close);
    gradients.values().forEach(Tensor::close);
  }
}
