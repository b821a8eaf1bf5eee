package dev.ilora.adapter;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A module of a base model as PEFT sees it: a projection, or several that one matrix holds.
 *
 * @param layer counted from 0
 * @param kind which one
 */
record LoraModule(int layer, Kind kind) {
  private static final String PREFIX = "base_model.model.";

  /** The modules of a layer that can be adapted. */
  enum Kind {
    Q_PROJ(Projection.Q_PROJ),
    K_PROJ(Projection.K_PROJ),
    V_PROJ(Projection.V_PROJ),
    QKV_PROJ(Projection.Q_PROJ, Projection.K_PROJ, Projection.V_PROJ),
    O_PROJ(Projection.O_PROJ),
    GATE_PROJ(Projection.GATE_PROJ),
    UP_PROJ(Projection.UP_PROJ),
    GATE_UP_PROJ(Projection.GATE_PROJ, Projection.UP_PROJ),
    DOWN_PROJ(Projection.DOWN_PROJ);

    private final List<Projection> parts;

    Kind(Projection... parts) {
      this.parts = List.of(parts);
    }

    /** The projections whose weights it holds, one below the other. */
    List<Projection> parts() {
      return parts;
    }

    String shortName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    boolean isFused() {
      return parts.size() > 1;
    }

    /** Whether a model with fused matrices, or one without, has such a module. */
    boolean isOf(boolean fusedModel) {
      return isFused() == fusedModel
          || !isFused() && Stream.of(QKV_PROJ, GATE_UP_PROJ).noneMatch(this::isPartOf);
    }

    private boolean isPartOf(Kind fused) {
      return fused.parts.contains(parts.getFirst());
    }

    /** The block's name and its own: {@code self_attn.qkv_proj}. */
    String path() {
      String part = parts.getFirst().path();
      return part.substring(0, part.indexOf('.') + 1) + shortName();
    }

    static Optional<Kind> named(String shortName) {
      return Arrays.stream(values()).filter(kind -> kind.shortName().equals(shortName)).findFirst();
    }
  }

  /** The path by which PEFT's patterns know it: {@code model.layers.0.self_attn.q_proj}. */
  String path() {
    return "model.layers." + layer + "." + kind.path();
  }

  /** Name of a weight in a file, {@code lora_A.weight} for example. */
  String weight(String which) {
    return PREFIX + path() + "." + which;
  }

  int inputWidth(DecoderShape shape) {
    return shape.inputOf(kind.parts().getFirst());
  }

  int outputWidth(DecoderShape shape) {
    return kind.parts().stream().mapToInt(shape::outputOf).sum();
  }
}
