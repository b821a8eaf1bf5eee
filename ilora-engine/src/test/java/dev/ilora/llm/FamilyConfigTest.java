package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.llm.DecoderForm.Biases;
import dev.ilora.llm.DecoderForm.HeadNorms;
import dev.ilora.llm.DecoderForm.Norms;
import dev.ilora.llm.DecoderForm.Scales;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code config.json} says by the conventions of each family. */
class FamilyConfigTest {
  private static final Rope PLAIN = new Rope(8, 10000, new RopeScaling.None());

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("config.json");
  }

  private static String json(String type, String more) {
    return """
    {"model_type": "%s", "vocab_size": 50, "hidden_size": 32, "intermediate_size": 64,
    "num_hidden_layers": 4, "num_attention_heads": 4, "max_position_embeddings": 128%s}\
    """
        .formatted(type, more.isEmpty() ? "" : ", " + more.replace('\'', '"'));
  }

  /** Reads it, and once more after it was written. */
  private LlamaConfig read(String type, String more) throws IOException {
    Files.writeString(file(), json(type, more));
    LlamaConfig config = LlamaConfig.read(file());
    config.write(file(), DType.F32);
    assertEquals(config, LlamaConfig.read(file()));
    return config;
  }

  private void refused(String message, String type, String more) throws IOException {
    Files.writeString(file(), json(type, more));
    assertEquals(
        file() + ": " + message,
        assertThrows(BadInputException.class, () -> LlamaConfig.read(file())).getMessage());
  }

  private static List<Integer> windows(LlamaConfig config) {
    return config.form().layers().stream()
        .map(sight -> sight.window() == Sight.ALL ? 0 : sight.window())
        .toList();
  }

  @Test
  void windowsAreWhereEachFamilyPutsThem() throws IOException {
    assertEquals(List.of(7, 7, 7, 7), windows(read("mistral", "'sliding_window': 7")));
    assertEquals(List.of(0, 0, 0, 0), windows(read("mistral", "'sliding_window': null")));
    assertEquals(List.of(9, 9, 9, 9), windows(read("phi3", "'sliding_window': 9")));
    String qwen = "'use_sliding_window': true, 'sliding_window': 7, 'max_window_layers': 3";
    assertEquals(List.of(0, 0, 0, 7), windows(read("qwen2", qwen)));
    assertEquals(List.of(0, 0, 0, 7), windows(read("qwen3", qwen)));
    assertEquals(List.of(0, 0, 0, 0), windows(read("qwen2", qwen.replace("true", "false"))));
    assertEquals(
        List.of(7, 0, 0, 7),
        windows(
            read(
                "qwen2",
                qwen
                    + ", 'layer_types': ['sliding_attention', 'full_attention', 'full_attention',"
                    + " 'sliding_attention']")));
    assertEquals(
        List.of(5, 5, 0, 5),
        windows(read("gemma3_text", "'sliding_window': 5, 'sliding_window_pattern': 3")));
    assertEquals(List.of(4096, 4096, 4096, 4096), windows(read("gemma3_text", "")));
    assertEquals(
        List.of(0, 0, 0, 5),
        windows(read("smollm3", "'use_sliding_window': true, 'sliding_window': 5")));
    refused("sliding_window: expected at least 1, got 0", "mistral", "'sliding_window': 0");
    refused(
        "layer_types: expected one value for each of the 4 layers, got 1",
        "qwen3",
        "'layer_types': ['full_attention']");
    refused(
        "layer_types 'linear_attention' is not supported: expected full_attention or"
            + " sliding_attention",
        "qwen3",
        "'layer_types': ['full_attention', 'linear_attention', 'a', 'b']");
  }

  @Test
  void gemmaHasTwoKindsOfLayersInBothForms() throws IOException {
    Rope global = new Rope(256, 5e5, new RopeScaling.Linear(8));
    Rope local = new Rope(256, 20000, new RopeScaling.None());
    String older =
        "'sliding_window_pattern': 2, 'rope_theta': 5e5, 'rope_local_base_freq': 20000,"
            + " 'rope_scaling': {'rope_type': 'linear', 'factor': 8}";
    String newer =
        "'_sliding_window_pattern': 2, 'rope_parameters': {'full_attention': {'rope_type':"
            + " 'linear', 'factor': 8, 'rope_theta': 5e5}, 'sliding_attention': {'rope_type':"
            + " 'default', 'rope_theta': 20000}}";
    for (String more : List.of(older, newer)) {
      LlamaConfig config = read("gemma3_text", more + ", 'query_pre_attn_scalar': 24");
      assertEquals(
          List.of(
              new Sight(4096, local),
              Sight.everything(global),
              new Sight(4096, local),
              Sight.everything(global)),
          config.form().layers());
      DecoderForm form = config.form();
      assertEquals(new Scales(Math.sqrt(32), 1 / Math.sqrt(24), 1, 1), form.scales());
      assertEquals(Norms.AROUND, form.norms());
      assertEquals(HeadNorms.EACH_HEAD, form.headNorms());
      assertEquals(Activation.GELU_TANH, form.activation());
    }
    LlamaConfig usual = read("gemma3_text", "'sliding_window_pattern': 4");
    assertEquals(1e6, usual.form().layers().getLast().rope().theta());
    assertEquals(1e4, usual.form().layers().getFirst().rope().theta());
  }

  @Test
  void someLayersKnowNoPositions() throws IOException {
    assertEquals(List.of(8, 0, 8, 0), widths(read("smollm3", "'no_rope_layers': [1, 0, 1, 0]")));
    assertEquals(List.of(8, 8, 8, 0), widths(read("smollm3", "")));
    assertEquals(List.of(8, 0, 8, 0), widths(read("smollm3", "'no_rope_layer_interval': 2")));
    assertEquals(2e6, read("smollm3", "").form().layers().getFirst().rope().theta());
    refused(
        "no_rope_layers: expected one value for each of the 4 layers, got 2",
        "smollm3",
        "'no_rope_layers': [1, 0]");
  }

  private static List<Integer> widths(LlamaConfig config) {
    return config.form().layers().stream().map(sight -> sight.rope().width()).toList();
  }

  @Test
  void phiTurnsAPartOfEachHead() throws IOException {
    assertEquals(6, read("phi3", "'partial_rotary_factor': 0.75").rope().width());
    assertEquals(
        6, read("phi3", "'rope_parameters': {'partial_rotary_factor': 0.75}").rope().width());
    assertEquals(Biases.NONE, read("phi3", "'attention_bias': true").form().biases());
    String lists = "'short_factor': [1, 1, 1, 2], 'long_factor': [1, 2, 3, 4]";
    RopeScaling expected =
        new RopeScaling.LongRope(
            List.of(1.0, 1.0, 1.0, 2.0),
            List.of(1.0, 2.0, 3.0, 4.0),
            32,
            Math.sqrt(1 + Math.log(4) / Math.log(32)));
    for (String type : List.of("longrope", "su", "yarn")) {
      String more =
          "'original_max_position_embeddings': 32, 'rope_scaling': {'type': '%s', %s}"
              .formatted(type, lists);
      assertEquals(expected, read("phi3", more).rope().scaling());
    }
    refused(
        "long_factor: expected 4 values, one for each pair of rotated elements, got 1",
        "phi3",
        "'original_max_position_embeddings': 32, 'rope_scaling': {'type': 'su', 'short_factor':"
            + " [1, 1, 1, 1], 'long_factor': [1]}");
    refused(
        "rope_scaling lacks 'original_max_position_embeddings'",
        "phi3",
        "'rope_scaling': {'type': 'su'}");
    refused(
        "rotated elements of a head: expected an even number, got 7",
        "phi3",
        "'partial_rotary_factor': 0.9");
    refused(
        "partial_rotary_factor: expected above 0 and at most 1, got 1.5",
        "phi3",
        "'partial_rotary_factor': 1.5");
  }

  @Test
  void yarnAndDynamicScalingAreRead() throws IOException {
    String yarn = "'rope_scaling': {'rope_type': 'yarn', 'factor': 4%s}";
    double usual = 0.1 * Math.log(4) + 1;
    assertEquals(
        new RopeScaling.Yarn(4, 128, 32, 1, true, usual),
        read("llama", yarn.formatted("")).rope().scaling());
    assertEquals(
        new RopeScaling.Yarn(
            4, 64, 16, 0.5, false, (0.1 * Math.log(4) + 1) / (0.07 * Math.log(4) + 1)),
        read(
                "llama",
                yarn.formatted(
                    ", 'original_max_position_embeddings': 64, 'beta_fast': 16, 'beta_slow': 0.5,"
                        + " 'truncate': false, 'mscale': 1, 'mscale_all_dim': 0.7"))
            .rope()
            .scaling());
    assertEquals(
        new RopeScaling.Dynamic(2, 128),
        read("llama", "'rope_scaling': {'type': 'dynamic', 'factor': 2}").rope().scaling());
    refused(
        "original_max_position_embeddings '64' is not supported: expected max_position_embeddings"
            + " where rope_type is dynamic",
        "llama",
        "'rope_scaling': {'type': 'dynamic', 'factor': 2, 'original_max_position_embeddings': 64}");
    refused(
        "factor of rope_scaling: expected at least 1, got 0.5",
        "llama",
        "'rope_scaling': {'type': 'dynamic', 'factor': 0.5}");
  }

  @Test
  void anOlderScalingBesideNewerParametersSaysTheSame() throws IOException {
    String older = "'rope_scaling': {'rope_type': 'linear', 'factor': 2}";
    Rope expected = new Rope(8, 10000, new RopeScaling.Linear(2));
    String same = ", 'rope_parameters': {'rope_type': 'linear', 'factor': 2.0}";
    assertEquals(expected, read("llama", older + same).rope());
    assertEquals(expected, read("llama", older + ", 'rope_parameters': {}").rope());
    for (String other :
        List.of(
            "{'rope_type':'default'}",
            "{'rope_type':'linear','factor':3}",
            "{'rope_type':'linear','factor':2,'rope_theta':77}")) {
      refused(
          "rope_scaling is {\"rope_type\":\"linear\",\"factor\":2}, but rope_parameters is %s: expected one of them, or the same in both"
              .formatted(other.replace('\'', '"')),
          "llama",
          older + ", 'rope_parameters': " + other);
    }
  }

  @Test
  void onlyPhiTurnsAPartOfEachHead() throws IOException {
    for (Family family : Family.values()) {
      String part = "{'rope_type': 'default', 'partial_rotary_factor': 0.5}";
      String more = "'rope_parameters': " + part;
      if (family == Family.PHI3) {
        assertEquals(4, read("phi3", more).rope().width());
      } else {
        refused(
            "partial_rotary_factor '0.5' is not supported: expected 1", family.modelType(), more);
      }
    }
  }

  @Test
  void anActivationIsNamed() throws IOException {
    refused("hidden_act: expected a text, got [\"silu\"]", "llama", "'hidden_act': ['silu']");
    refused("hidden_act: expected a text, got 1", "llama", "'hidden_act': 1");
    refused(
        "hidden_act 'null' is not supported: expected silu or gelu_pytorch_tanh",
        "llama",
        "'hidden_act': null");
  }

  @Test
  void tokensAreOfTheVocabulary() throws IOException {
    assertEquals(List.of(49), read("llama", "'eos_token_id': 49").endTokens());
    String expected = ": expected a token of the vocabulary of 50, from 0 to 49, got ";
    refused("eos_token_id" + expected + 50, "llama", "'eos_token_id': 50");
    refused("eos_token_id" + expected + 70000, "llama", "'eos_token_id': [2, 70000]");
    refused("eos_token_id" + expected + -1, "llama", "'eos_token_id': [-1]");
    refused("bos_token_id" + expected + 50, "llama", "'bos_token_id': 50");
  }

  @Test
  void otherFamiliesAreReadWithTheirDefaults() throws IOException {
    LlamaConfig qwen3 = read("qwen3", "'attention_bias': true");
    assertEquals(128, qwen3.headWidth());
    assertEquals(HeadNorms.EACH_HEAD, qwen3.form().headNorms());
    assertEquals(Biases.ALL, qwen3.form().biases());
    DecoderForm olmo = read("olmo2", "").form();
    assertEquals(Norms.AFTER, olmo.norms());
    assertEquals(HeadNorms.ALL_HEADS, olmo.headNorms());
    assertEquals(new Scales(1, 1, 1, 1), read("granite", "").form().scales());
    assertEquals(
        new Scales(12, 0.125, 0.22, 8),
        read(
                "granite",
                "'embedding_multiplier': 12, 'attention_multiplier': 0.125,"
                    + " 'residual_multiplier': 0.22, 'logits_scaling': 8")
            .form()
            .scales());
    for (Family family : Family.values()) {
      boolean tied = List.of("gemma3_text", "smollm3").contains(family.modelType());
      assertEquals(tied, read(family.modelType(), "").tiedHead(), family.modelType());
    }
    assertEquals(PLAIN, read("llama", "").rope());
  }

  @Test
  void whatWouldChangeTheResultIsRefused() throws IOException {
    for (String type : Arrays.asList("gemma3_text", "llama")) {
      for (String cap : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
        refused(cap + " '30' is not supported: expected null", type, "'" + cap + "': 30");
      }
      refused(
          "use_bidirectional_attention 'true' is not supported: expected false",
          type,
          "'use_bidirectional_attention': true");
    }
    refused(
        "hidden_activation 'gelu' is not supported: expected silu or gelu_pytorch_tanh",
        "gemma3_text",
        "'hidden_activation': 'gelu'");
    refused("mlp_bias 'true' is not supported: expected false", "granite", "'mlp_bias': true");
    refused(
        "query_pre_attn_scalar: expected above 0, got 0.0",
        "gemma3_text",
        "'query_pre_attn_scalar': 0");
    refused(
        "the divisor of logits: expected above 0 and at most 1000000.0, got 0.0",
        "granite",
        "'logits_scaling': 0");
  }

  @Test
  void whatAFamilysFileCannotSayIsNotWritten() {
    LlamaConfig small = LlamaConfig.small(50, 32, 64, 4, 4, 2, 128);
    LlamaConfig windowed = TinyForm.WINDOWS.of(small);
    assertEquals(
        "a config.json of llama cannot say %s: %s: layer_types 'sliding_attention' is not supported: expected full_attention"
            .formatted(windowed, file()),
        unwritten(windowed));
    LlamaConfig normed = TinyForm.OLMO.of(small);
    assertEquals(
        "a config.json of llama cannot say %s: it would be read as %s".formatted(normed, small),
        unwritten(normed));
    assertFalse(Files.exists(file()));
  }

  private String unwritten(LlamaConfig config) {
    return assertThrows(IllegalArgumentException.class, () -> config.write(file(), DType.F32))
        .getMessage();
  }

  /** All parts of a head come back, rounded as they are. */
  @Test
  void everyPartOfAHeadIsWrittenExactly() throws IOException {
    for (int width = 2; width <= 96; width += 2) {
      double part = Math.nextUp(width / 96.0);
      assertEquals(
          width,
          read("phi3", "'head_dim': 96, 'partial_rotary_factor': " + Math.min(1, part))
              .rope()
              .width());
    }
  }
}
