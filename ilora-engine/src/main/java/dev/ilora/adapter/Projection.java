package dev.ilora.adapter;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The linear layers of one Llama block that an adapter can change, under their published names. */
public enum Projection {
  Q_PROJ("self_attn"),
  K_PROJ("self_attn"),
  V_PROJ("self_attn"),
  O_PROJ("self_attn"),
  GATE_PROJ("mlp"),
  UP_PROJ("mlp"),
  DOWN_PROJ("mlp");

  private final String block;

  Projection(String block) {
    this.block = block;
  }

  /** The short name, as in PEFT's {@code target_modules}: {@code q_proj}. */
  public String shortName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The name inside one layer: {@code self_attn.q_proj}. */
  public String path() {
    return block + "." + shortName();
  }

  /**
   * Returns the projection with a short name.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public static Projection named(String shortName) {
    for (Projection projection : values()) {
      if (projection.shortName().equals(shortName)) {
        return projection;
      }
    }
    throw new IllegalArgumentException(
        "projection '%s' is unknown: expected one of %s"
            .formatted(
                shortName,
                Arrays.stream(values())
                    .map(Projection::shortName)
                    .collect(Collectors.joining(", "))));
  }
}
