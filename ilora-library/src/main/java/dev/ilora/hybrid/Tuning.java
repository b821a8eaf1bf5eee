package dev.ilora.hybrid;

import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the language model of a {@link PromptModel} is adapted.
 *
 * <p>Source: Kong et al., arXiv:2408.10159, section 3.
 */
public sealed interface Tuning {

  /** It is not adapted. */
  record Frozen() implements Tuning {
    @Override
    public Map<String, Tensor> adapterParameters() {
      return Map.of();
    }

    @Override
    public boolean sharable() {
      return true;
    }

    @Override
    public Frozen shadow() {
      return this;
    }
  }

  /**
   * Prompt tuning: learned vectors stand before every prompt, and the language model is as it was.
   *
   * <p>Source: Lester et al., arXiv:2104.08691.
   *
   * @param embeddings (V, C), F32
   */
  record VirtualTokens(Tensor embeddings) implements Tuning {
    @Override
    public Map<String, Tensor> adapterParameters() {
      return named("adapter.", Map.of("prompt_embeddings", embeddings));
    }

    @Override
    public int virtualTokens() {
      return (int) embeddings.size(0);
    }

    @Override
    public boolean sharable() {
      return true;
    }

    @Override
    public VirtualTokens shadow() {
      return new VirtualTokens(embeddings.detach().requiresGrad(embeddings.requiresGrad()));
    }
  }

  /**
   * Prefix tuning: in every layer, learned keys and values stand before those of every prompt, in
   * slots whose own embeddings have no effect.
   *
   * <p>Source: Li and Liang, arXiv:2101.00190.
   *
   * @param keysAndValues (V, L, 2, G·D), F32, keys first
   */
  record Prefix(Tensor keysAndValues) implements Tuning {
    @Override
    public Map<String, Tensor> adapterParameters() {
      return named("adapter.", Map.of("prompt_embeddings", keysAndValues));
    }

    @Override
    public int virtualTokens() {
      return (int) keysAndValues.size(0);
    }

    @Override
    public boolean sharable() {
      return true;
    }

    @Override
    public Prefix shadow() {
      return new Prefix(keysAndValues.detach().requiresGrad(keysAndValues.requiresGrad()));
    }
  }

  /**
   * Plain LoRA: the same low-rank update for every user.
   *
   * @param adapters the update
   */
  record Lora(Adapters adapters) implements Tuning {
    @Override
    public Map<String, Tensor> adapterParameters() {
      return named("adapter.", adapters.parameters());
    }

    @Override
    public boolean sharable() {
      return adapters.config().dropout() == 0;
    }

    @Override
    public Lora shadow() {
      return new Lora(adapters.shadow());
    }
  }

  /**
   * Instance-wise LoRA: a gate weighs low-rank experts for every user.
   *
   * @param adapters the experts
   * @param gate weighs them
   * @param input what the gate looks at
   */
  record Mixture(Adapters adapters, Gate gate, GateInput input) implements Tuning {

    /** Refuses a gate for another number of experts. */
    public Mixture {
      int weighed = gate.sizes().experts();
      int experts = adapters.config().experts();
      if (weighed != experts) {
        throw new IllegalArgumentException(
            "the gate weighs %s experts, the adapters have %s".formatted(weighed, experts));
      }
    }

    @Override
    public Map<String, Tensor> adapterParameters() {
      return named("adapter.", adapters.parameters());
    }

    @Override
    public Map<String, Tensor> gateParameters() {
      return named("gate.", gate.parameters());
    }

    @Override
    public Map<String, Tensor> gateBuffers() {
      return named("gate.", gate.buffers());
    }

    @Override
    public boolean sharable() {
      return adapters.config().dropout() == 0 && gate.sharable();
    }

    @Override
    public Mixture shadow() {
      return new Mixture(adapters.shadow(), gate.shadow(), input);
    }
  }

  /** Slots for what is learned before every prompt, V. */
  default int virtualTokens() {
    return 0;
  }

  /** The tensors of experts, virtual tokens or a prefix, by name. */
  Map<String, Tensor> adapterParameters();

  /** The gate's trained tensors, by name. */
  default Map<String, Tensor> gateParameters() {
    return Map.of();
  }

  /** What training changes in the gate beside its trained tensors, by name. */
  default Map<String, Tensor> gateBuffers() {
    return Map.of();
  }

  /**
   * Whether several threads may train on {@link #shadow shadows} at the same time: dropout and
   * noise draw from one stream, and batch normalisation keeps running statistics.
   */
  boolean sharable();

  /**
   * The same weights with gradients of their own, for another thread's backward passes.
   *
   * @throws IllegalStateException if the gate cannot be shared
   */
  Tuning shadow();

  private static Map<String, Tensor> named(String prefix, Map<String, Tensor> tensors) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> all.put(prefix + name, tensor));
    return all;
  }
}
