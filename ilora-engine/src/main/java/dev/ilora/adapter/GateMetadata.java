package dev.ilora.adapter;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The kind and sizes of a gate as the metadata of its file. */
final class GateMetadata {
  private GateMetadata() {}

  static Map<String, String> of(GateConfig config, GateSizes sizes) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("gate", name(config));
    metadata.put("guidance_width", String.valueOf(sizes.guidanceWidth()));
    metadata.put("experts", String.valueOf(sizes.experts()));
    metadata.put("layers", String.valueOf(sizes.layers()));
    switch (config) {
      case GateConfig.Linear _, GateConfig.PerLayer _, GateConfig.Residual _ -> {}
      case GateConfig.Mlp(int hidden) -> metadata.put("hidden", String.valueOf(hidden));
      case GateConfig.TopK _ -> metadata.put("top", String.valueOf(config.kept(sizes.experts())));
      case GateConfig.Noisy(var _, double noise) -> {
        metadata.put("top", String.valueOf(config.kept(sizes.experts())));
        metadata.put("noise", String.valueOf(noise));
      }
    }
    return metadata;
  }

  /** The name of a gate's kind in files. */
  static String name(GateConfig config) {
    return switch (config) {
      case GateConfig.Linear _ -> "linear";
      case GateConfig.PerLayer _ -> "per_layer";
      case GateConfig.Mlp _ -> "mlp";
      case GateConfig.TopK _ -> "top_k";
      case GateConfig.Noisy _ -> "noisy";
      case GateConfig.Residual _ -> "residual";
    };
  }

  /**
   * @throws IllegalArgumentException if an entry is missing or not what it should be, naming it
   */
  static GateConfig config(Map<String, String> metadata) {
    String name = entry(metadata, "gate");
    return switch (name) {
      case "linear" -> new GateConfig.Linear();
      case "per_layer" -> new GateConfig.PerLayer();
      case "mlp" -> new GateConfig.Mlp(number(metadata, "hidden"));
      case "top_k" -> new GateConfig.TopK(Optional.of(number(metadata, "top")));
      case "noisy" ->
          new GateConfig.Noisy(Optional.of(number(metadata, "top")), decimal(metadata, "noise"));
      case "residual" -> new GateConfig.Residual();
      default -> throw new IllegalArgumentException("metadata 'gate': unknown kind '" + name + "'");
    };
  }

  /**
   * @throws IllegalArgumentException if an entry is missing or not what it should be, naming it
   */
  static GateSizes sizes(Map<String, String> metadata) {
    return new GateSizes(
        number(metadata, "guidance_width"),
        number(metadata, "experts"),
        number(metadata, "layers"));
  }

  private static String entry(Map<String, String> metadata, String name) {
    String value = metadata.get(name);
    if (value == null) {
      throw new IllegalArgumentException("metadata lacks '" + name + "'");
    }
    return value;
  }

  private static int number(Map<String, String> metadata, String name) {
    String value = entry(metadata, name);
    if (!value.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          "metadata '%s': expected a whole number, got '%s'".formatted(name, value));
    }
    return Integer.parseInt(value);
  }

  private static double decimal(Map<String, String> metadata, String name) {
    String value = entry(metadata, name);
    if (!value.matches("\\d+(\\.\\d+)?([eE]-?\\d+)?")) {
      throw new IllegalArgumentException(
          "metadata '%s': expected a number, got '%s'".formatted(name, value));
    }
    return Double.parseDouble(value);
  }
}
