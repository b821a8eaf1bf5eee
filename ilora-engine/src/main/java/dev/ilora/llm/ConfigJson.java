package dev.ilora.llm;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonReason;
import dev.ilora.files.WholeFile;
import dev.ilora.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes {@code config.json}; refuses by name what the decoder does not compute. */
final class ConfigJson {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ConfigJson() {}

  static LlamaConfig read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(file, "no such file");
    }
    try {
      JsonNode root = JSON.readTree(file);
      if (!root.isObject()) {
        throw new BadInputException(file, "expected a JSON object");
      }
      return config(new JsonFields(file, root));
    } catch (JacksonException e) {
      throw new BadInputException(file, "not JSON: " + JsonReason.of(e));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, e.getMessage());
    }
  }

  /** What the content of a config.json says that stands in another file. */
  static LlamaConfig of(Path file, JsonNode content) {
    try {
      return config(new JsonFields(file, content));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file, e.getMessage());
    }
  }

  private static LlamaConfig config(JsonFields root) {
    String type = root.text("model_type", "");
    Family family =
        Family.of(type)
            .orElseThrow(() -> root.unsupported("model_type", type, "one of " + Family.names()));
    int hidden = root.whole("hidden_size");
    int heads = root.whole("num_attention_heads");
    int headWidth = headWidth(root, family, hidden, heads);
    LlamaConfig.requireHeads(heads, headWidth);
    return new LlamaConfig(
        family,
        root.whole("vocab_size"),
        hidden,
        root.whole("intermediate_size"),
        heads,
        root.whole("num_key_value_heads", heads),
        headWidth,
        root.whole("max_position_embeddings"),
        root.number("rms_norm_eps", family.usualEpsilon()),
        root.flag("tie_word_embeddings", family.tiedByDefault()),
        new FormJson(root, family, headWidth).form(),
        root.whole("bos_token_id", -1),
        endTokens(root));
  }

  private static int headWidth(JsonFields root, Family family, int hidden, int heads) {
    int usual =
        switch (family) {
          case QWEN3 -> 128;
          case GEMMA3 -> 256;
          case LLAMA, MISTRAL, QWEN2, SMOLLM3, PHI3, OLMO2, GRANITE -> {
            if (!root.has("head_dim") && heads > 0 && hidden % heads != 0) {
              throw root.refused(
                  "hidden_size %s is not a multiple of num_attention_heads %s, and there is no head_dim"
                      .formatted(hidden, heads));
            }
            yield heads < 1 ? 0 : hidden / heads;
          }
        };
    return root.whole("head_dim", usual);
  }

  private static List<Integer> endTokens(JsonFields root) {
    if (root.get("eos_token_id").isArray()) {
      return root.wholes("eos_token_id");
    }
    int single = root.whole("eos_token_id", -1);
    return single < 0 ? List.of() : List.of(single);
  }

  static void write(LlamaConfig config, DType dtype, Path file) {
    ObjectNode root = JSON.createObjectNode();
    root.putArray("architectures").add(config.family().architecture());
    root.put("model_type", config.family().modelType());
    root.put("vocab_size", config.vocabularySize());
    root.put("hidden_size", config.hiddenSize());
    root.put("intermediate_size", config.intermediateSize());
    root.put("num_hidden_layers", config.layers());
    root.put("num_attention_heads", config.heads());
    root.put("num_key_value_heads", config.keyValueHeads());
    root.put("head_dim", config.headWidth());
    root.put("max_position_embeddings", config.maxPositions());
    root.put("rms_norm_eps", config.normEpsilon());
    root.put("tie_word_embeddings", config.tiedHead());
    FormJson.write(config, root);
    if (config.beginToken() >= 0) {
      root.put("bos_token_id", config.beginToken());
    }
    if (config.endTokens().size() == 1) {
      root.put("eos_token_id", config.endTokens().getFirst());
    } else if (!config.endTokens().isEmpty()) {
      ArrayNode tokens = root.putArray("eos_token_id");
      config.endTokens().forEach(tokens::add);
    }
    root.put("torch_dtype", published(dtype));
    byte[] written = JSON.writeValueAsBytes(root);
    requireSame(config, JSON.readTree(written), file);
    WholeFile.write(file, written);
  }

  private static String published(DType dtype) {
    return switch (dtype) {
      case F32 -> "float32";
      case F16 -> "float16";
      case BF16 -> "bfloat16";
      case F64, I64, I32, I16, U8, BOOL ->
          throw new IllegalArgumentException("no type of weights: " + dtype);
    };
  }

  /** A family's file cannot say everything that a form can. */
  private static void requireSame(LlamaConfig config, JsonNode written, Path file) {
    String what = config.family().modelType();
    try {
      LlamaConfig read = config(new JsonFields(file, written));
      if (!read.equals(config)) {
        throw new IllegalArgumentException(
            "a config.json of %s cannot say %s: it would be read as %s"
                .formatted(what, config, read));
      }
    } catch (BadInputException e) {
      throw new IllegalArgumentException(
          "a config.json of %s cannot say %s: %s".formatted(what, config, e.getMessage()), e);
    }
  }
}
