package dev.ilora.adapter;

import dev.ilora.BadInputException;
import dev.ilora.files.WholeFile;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.WeightLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads PEFT's {@code adapter_config.json} of virtual tokens and prefixes. Their one tensor is what
 * an encoder gave, if there was one; how it was made has no effect any more.
 */
final class PeftPromptConfig extends PeftJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** The name of the one tensor. */
  static final String TENSOR = "prompt_embeddings";

  /** More virtual tokens than this are refused: they would be a prompt of their own. */
  private static final int MOST_TOKENS = 1 << 14;

  private static final Set<String> READ =
      Set.of(
          "peft_type",
          "task_type",
          "num_virtual_tokens",
          "token_dim",
          "num_transformer_submodules",
          "num_attention_heads",
          "num_layers",
          "encoder_hidden_size",
          "encoder_num_layers",
          "encoder_dropout",
          "encoder_reparameterization_type",
          "prompt_tuning_init",
          "prompt_tuning_init_text",
          "prompt_tuning_init_state_dict_path",
          "tokenizer_name_or_path",
          "tokenizer_kwargs");

  /** What the tensor is. */
  enum Kind {
    PROMPT_TUNING,
    P_TUNING,
    PREFIX_TUNING;

    static Optional<Kind> named(String type) {
      for (Kind kind : values()) {
        if (kind.name().equals(type)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  private final Kind kind;

  private PeftPromptConfig(Path file, JsonNode root, Kind kind) {
    super(file, root);
    this.kind = kind;
  }

  /**
   * Writes the configuration of prompt tuning. PEFT takes what is not in it from the base model.
   *
   * @param tokens V
   * @param width C
   */
  static void write(long tokens, long width, String baseModel, Path file) {
    ObjectNode root = common(Kind.PROMPT_TUNING, tokens, width, baseModel);
    root.put("prompt_tuning_init", "RANDOM");
    WholeFile.write(file, JSON.writeValueAsBytes(root));
  }

  /**
   * Writes the configuration of a prefix.
   *
   * @param groups key/value heads of the base model
   */
  static void write(PeftAdapter.Prefix prefix, int groups, String baseModel, Path file) {
    Tensor all = prefix.keysAndValues();
    ObjectNode root = common(Kind.PREFIX_TUNING, all.size(0), all.size(3), baseModel);
    root.put("num_attention_heads", groups);
    root.put("num_layers", all.size(1));
    root.put("encoder_hidden_size", all.size(3));
    root.put("prefix_projection", false);
    WholeFile.write(file, JSON.writeValueAsBytes(root));
  }

  private static ObjectNode common(Kind kind, long tokens, long width, String baseModel) {
    ObjectNode root = JSON.createObjectNode();
    root.put("peft_type", kind.name());
    root.put("task_type", "CAUSAL_LM");
    root.put("base_model_name_or_path", baseModel);
    root.put("inference_mode", true);
    root.put("num_virtual_tokens", tokens);
    root.put("token_dim", width);
    root.put("num_transformer_submodules", 1);
    return root;
  }

  /** Empty where the file is of another kind. */
  static Optional<PeftPromptConfig> read(Path file) {
    return PeftJson.read(
        file,
        root ->
            Kind.named(root.path("peft_type").asString(""))
                .map(kind -> new PeftPromptConfig(file, root, kind).checked()));
  }

  private PeftPromptConfig checked() {
    refuseOther("task_type", "CAUSAL_LM");
    // The vectors of an encoder-decoder stand before two stacks.
    JsonNode stacks = root.path("num_transformer_submodules");
    if (!isOff(stacks) && whole("num_transformer_submodules", stacks) != 1) {
      throw unsupported("num_transformer_submodules", stacks.toString());
    }
    refuseAllBut(READ);
    return this;
  }

  /** Whether the tensor is keys and values. */
  boolean isPrefix() {
    return kind == Kind.PREFIX_TUNING;
  }

  /** Number of virtual tokens, V. */
  int tokens() {
    int tokens = whole("num_virtual_tokens", needed("num_virtual_tokens"));
    if (tokens < 1 || tokens > MOST_TOKENS) {
      throw new BadInputException(
          file, "num_virtual_tokens: expected 1 to %s, got %s".formatted(MOST_TOKENS, tokens));
    }
    return tokens;
  }

  /**
   * @throws BadInputException if the file does not hold exactly the tensor, in the base model's
   *     shape
   */
  PeftAdapter load(SafeTensors stored, DecoderShape shape, Device device) {
    long tokens = tokens();
    boolean prefix = isPrefix();
    long width = prefix ? 2L * shape.layers() * shape.keyValueWidth() : shape.hidden();
    Tensor vectors =
        WeightLayout.of(Map.of(TENSOR, new long[] {tokens, width}))
            .load(stored, "%s for this base model".formatted(kind), device, DType.F32)
            .get(TENSOR);
    return prefix
        ? new PeftAdapter.Prefix(vectors.view(tokens, shape.layers(), 2, shape.keyValueWidth()))
        : new PeftAdapter.VirtualTokens(vectors);
  }
}
