package dev.ilora.bench;

import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.LoraMixture;
import dev.ilora.adapter.Projection;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A Llama decoder with a mixture of LoRA experts, computed as the released research code computes
 * it: every expert's output is formed and then weighted, attention forms its scores, and logits
 * exist at all positions. On the same weights and the same engine as {@link Llama}.
 *
 * <p>B sequences, T tokens, C width, H heads, D head width, K experts, V vocabulary.
 */
final class ReferenceDecoder {
  private static final double HIDDEN = -1e9;

  private final Map<String, Tensor> weights;
  private final LlamaConfig config;
  private final Adapters adapters;

  /**
   * @param llama weights in F32
   * @param adapters the experts
   */
  ReferenceDecoder(Llama llama, Adapters adapters) {
    this.weights = llama.parameters();
    this.config = llama.config();
    this.adapters = adapters;
  }

  /**
   * One pass over right-padded sequences.
   *
   * @param embeddings (B, T, C)
   * @param lengths real tokens of each sequence, (B)
   * @param expertWeights (B, K)
   * @param training whether dropout applies
   * @return logits at all positions, (B, T, V)
   */
  Tensor logits(Tensor embeddings, int[] lengths, Tensor expertWeights, boolean training) {
    int tokens = (int) embeddings.size(1);
    Tensor mask = mask(lengths, tokens);
    Tensor angles = angles(tokens);
    Pass pass = new Pass(mask, angles.cos(), angles.sin(), expertWeights, training);
    Tensor x = embeddings;
    for (int layer = 0; layer < config.layers(); layer++) {
      x = layer(layer, x, pass);
    }
    Tensor head = weights.get(config.tiedHead() ? "model.embed_tokens.weight" : "lm_head.weight");
    return norm(x, "model.norm").linear(head);
  }

  /** What all layers of one pass share. */
  private record Pass(
      Tensor mask, Tensor cos, Tensor sin, Tensor expertWeights, boolean training) {}

  private Tensor layer(int layer, Tensor x, Pass pass) {
    String name = "model.layers." + layer + ".";
    Tensor h = norm(x, name + "input_layernorm");
    Tensor attended = attend(layer, h, pass);
    Tensor inner = x.add(project(layer, Projection.O_PROJ, attended, pass));
    Tensor read = norm(inner, name + "post_attention_layernorm");
    Tensor gate = project(layer, Projection.GATE_PROJ, read, pass).silu();
    Tensor up = project(layer, Projection.UP_PROJ, read, pass);
    return inner.add(project(layer, Projection.DOWN_PROJ, gate.mul(up), pass));
  }

  private Tensor norm(Tensor x, String name) {
    return Layers.rmsNorm(x, weights.get(name + ".weight"), config.normEpsilon());
  }

  private Tensor attend(int layer, Tensor h, Pass pass) {
    Tensor q = rotated(heads(project(layer, Projection.Q_PROJ, h, pass)), pass);
    Tensor k = repeated(rotated(heads(project(layer, Projection.K_PROJ, h, pass)), pass));
    Tensor v = repeated(heads(project(layer, Projection.V_PROJ, h, pass)));
    Tensor scores = q.matmul(k.transpose(2, 3)).div(Math.sqrt(config.headWidth())).add(pass.mask());
    return scores
        .softmax(-1)
        .matmul(v)
        .transpose(1, 2)
        .reshape(h.size(0), h.size(1), (long) config.heads() * config.headWidth());
  }

  /** (B, T, H·D) to (B, H, T, D). */
  private Tensor heads(Tensor flat) {
    return flat.view(flat.size(0), flat.size(1), -1, config.headWidth()).transpose(1, 2);
  }

  private Tensor rotated(Tensor heads, Pass pass) {
    long half = config.headWidth() / 2;
    Tensor first = heads.slice(-1, 0, half);
    Tensor second = heads.slice(-1, half, config.headWidth());
    Tensor turned = Tensor.cat(List.of(second.mul(-1), first), -1);
    return heads.mul(pass.cos()).add(turned.mul(pass.sin()));
  }

  private Tensor repeated(Tensor keys) {
    return keys.repeatInterleave(config.heads() / config.keyValueHeads(), 1);
  }

  /** The frozen projection, then each expert's whole output, weighted and added. */
  private Tensor project(int layer, Projection projection, Tensor x, Pass pass) {
    String name = "model.layers." + layer + "." + projection.path();
    Tensor output = x.linear(weights.get(name + ".weight"), weights.get(name + ".bias"));
    if (!adapters.config().targets().contains(projection)) {
      return output;
    }
    LoraMixture mixture = adapters.mixture(layer, projection);
    List<Integer> ranks = adapters.config().ranks();
    int from = 0;
    for (int expert = 0; expert < ranks.size(); expert++) {
      int to = from + ranks.get(expert);
      Tensor down = mixture.down().slice(0, from, to);
      Tensor up = mixture.up().slice(1, from, to);
      Tensor read = x.dropout(adapters.config().dropout(), pass.training());
      Tensor weight = pass.expertWeights().slice(1, expert, expert + 1).unsqueeze(2);
      double scale = adapters.config().alpha() / ranks.get(expert);
      output = output.add(read.linear(down).linear(up).mul(scale).mul(weight));
      from = to;
    }
    return output;
  }

  /** 0 where a token sees another, (B, 1, T, T): itself and those before it, padding never. */
  private static Tensor mask(int[] lengths, int tokens) {
    boolean[] hidden = new boolean[lengths.length * tokens * tokens];
    for (int b = 0; b < lengths.length; b++) {
      for (int t = 0; t < tokens; t++) {
        for (int s = 0; s < tokens; s++) {
          hidden[(b * tokens + t) * tokens + s] = s > t || s >= lengths[b];
        }
      }
    }
    Tensor where = Tensor.of(hidden, lengths.length, 1, tokens, tokens);
    return Tensor.zeros(lengths.length, 1, tokens, tokens).maskedFill(where, HIDDEN);
  }

  /** Rotary angles, twice side by side, (T, D). */
  private Tensor angles(int tokens) {
    float[] frequencies = config.rope().frequencies(config.headWidth(), tokens);
    Tensor positions = Tensor.arange(tokens, weights.get("model.norm.weight").device());
    Tensor half =
        positions.to(DType.F32).unsqueeze(1).mul(Tensor.of(frequencies, 1, frequencies.length));
    return Tensor.cat(List.of(half, half), 1);
  }
}
