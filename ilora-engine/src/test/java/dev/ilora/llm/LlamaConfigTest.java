package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.llm.DecoderForm.Biases;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaConfigTest {
  private static final String SIZES =
      """
      "vocab_size": 50, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
      "num_attention_heads": 4, "max_position_embeddings": 128, "rms_norm_eps": 1e-6,
      "bos_token_id": 1, "eos_token_id": [2, 7]\
      """;

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("config.json");
  }

  private LlamaConfig read(String json) throws IOException {
    Files.writeString(file(), json);
    return LlamaConfig.read(file());
  }

  private void refused(String message, String json) throws IOException {
    Files.writeString(file(), json);
    assertEquals(
        file() + ": " + message,
        assertThrows(BadInputException.class, () -> LlamaConfig.read(file())).getMessage());
  }

  private static String llama(String more) {
    return "{\"model_type\": \"llama\", " + SIZES + more + "}";
  }

  @Test
  void readsWhatIsThereAndTheUsualOtherwise() throws IOException {
    LlamaConfig config = read(llama(""));
    assertEquals(4, config.keyValueHeads());
    assertEquals(8, config.headWidth());
    assertEquals(10000, config.rope().theta());
    assertEquals(new RopeScaling.None(), config.rope().scaling());
    assertEquals(List.of(2, 7), config.endTokens());
    assertFalse(config.tiedHead());
    assertEquals(Biases.NONE, config.form().biases());
    LlamaConfig qwen =
        read("{\"model_type\": \"qwen2\", \"tie_word_embeddings\": true, " + SIZES + "}");
    assertTrue(qwen.tiedHead());
    assertEquals(Biases.INPUTS, qwen.form().biases());
    LlamaConfig wide = read(llama(", \"head_dim\": 16, \"num_key_value_heads\": 2"));
    assertEquals(64, wide.shape().queryWidth());
    assertEquals(32, wide.shape().keyValueWidth());
  }

  @Test
  void comesBackFromItsFile() throws IOException {
    String llama3 =
        ", \"rope_theta\": 500000.0, \"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8.0,"
            + " \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
            + " \"original_max_position_embeddings\": 8192}";
    String linear = ", \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}";
    String newer = ", \"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 99}";
    for (String more : List.of("", llama3, linear, newer, ", \"attention_bias\": true")) {
      LlamaConfig config = read(llama(more));
      config.write(file(), DType.F32);
      assertEquals(config, LlamaConfig.read(file()));
    }
    assertEquals(99, read(llama(newer)).rope().theta());
  }

  /** First, middle and last angles of Llama 3.1 as its published formula gives them. */
  @Test
  void llama3ScalingKeepsFastAndDividesSlowRotations() {
    RopeScaling scaling = new RopeScaling.Llama3(8, 1, 4, 8192);
    float[] plain = new RopeScaling.None().frequencies(128, 500000, 1);
    float[] scaled = scaling.frequencies(128, 500000, 1);
    assertEquals(plain[0], scaled[0]);
    assertEquals(plain[63] / 8, scaled[63], 1e-12);
    double frequency = 1 / Math.pow(500000, 2 * 32 / 128.0);
    double smooth = (8192 / (2 * Math.PI / frequency) - 1) / 3;
    assertEquals((1 - smooth) * frequency / 8 + smooth * frequency, scaled[32], 1e-9);
    assertArrayEquals(
        new float[] {0.5f, 0.005f}, new RopeScaling.Linear(2).frequencies(4, 10000, 1), 1e-7f);
  }

  @Test
  void refusesWhatIsNotComputed() throws IOException {
    refused(
        "model_type 'gpt2' is not supported: expected one of llama, mistral, qwen2, qwen3,"
            + " gemma3_text, smollm3, phi3, olmo2, granite",
        "{\"model_type\": \"gpt2\"}");
    refused(
        "hidden_act 'gelu' is not supported: expected silu or gelu_pytorch_tanh",
        llama(", \"hidden_act\": \"gelu\""));
    refused("mlp_bias 'true' is not supported: expected false", llama(", \"mlp_bias\": true"));
    refused(
        "quantization_config 'present' is not supported: expected a model that is not quantised",
        llama(", \"quantization_config\": {\"bits\": 4}"));
    refused(
        "rope_type 'xpos' is not supported: expected default, linear, dynamic, llama3, yarn or"
            + " longrope",
        llama(", \"rope_scaling\": {\"rope_type\": \"xpos\", \"factor\": 4}"));
    refused(
        "use_sliding_window 'true' is not supported: expected false",
        llama(", \"use_sliding_window\": true, \"sliding_window\": 4096"));
    refused(
        "layer_types 'sliding_attention' is not supported: expected full_attention",
        llama(", \"layer_types\": [\"full_attention\", \"sliding_attention\"]"));
    refused(
        "partial_rotary_factor '0.5' is not supported: expected 1",
        llama(", \"partial_rotary_factor\": 0.5"));
  }

  @Test
  void refusesImpossibleValues() throws IOException {
    refused("lacks 'hidden_size'", "{\"model_type\": \"llama\", \"num_attention_heads\": 4}");
    refused(
        "num_attention_heads 4 is not a multiple of num_key_value_heads 3",
        llama(", \"num_key_value_heads\": 3"));
    refused("head_dim: expected an even number, got 7", llama(", \"head_dim\": 7"));
    refused(
        "num_key_value_heads: expected a whole number, got \"two\"",
        llama(", \"num_key_value_heads\": \"two\""));
    refused(
        "rope_scaling lacks 'factor'", llama(", \"rope_scaling\": {\"rope_type\": \"linear\"}"));
    refused("expected a JSON object", "[1]");
    Files.delete(file());
    assertEquals(
        file() + ": no such file",
        assertThrows(BadInputException.class, () -> LlamaConfig.read(file())).getMessage());
  }

  @Test
  void refusesASizeThatNoModelHasWithItsBound() throws IOException {
    Map<String, Integer> most =
        Map.of(
            "vocab_size", 1 << 24,
            "hidden_size", 1 << 17,
            "intermediate_size", 1 << 20,
            "num_hidden_layers", 1 << 10,
            "num_attention_heads", 1 << 10,
            "num_key_value_heads", 1 << 10,
            "head_dim", 1 << 12,
            "max_position_embeddings", 1 << 27);
    for (var bound : most.entrySet()) {
      String given = "{\"model_type\": \"llama\", \"head_dim\": 8, " + SIZES + ", \"%s\": %s}";
      for (int value : new int[] {0, -1, bound.getValue() + 1, Integer.MAX_VALUE}) {
        refused(
            "%s: expected 1 to %d, got %d".formatted(bound.getKey(), bound.getValue(), value),
            given.formatted(bound.getKey(), value));
      }
      refused(
          bound.getKey() + ": expected at most 2147483647, got 2147483648",
          given.formatted(bound.getKey(), "2147483648"));
      refused(
          bound.getKey() + ": expected a whole number, got 2.5",
          given.formatted(bound.getKey(), "2.5"));
    }
    refused(
        "rms_norm_eps: expected a positive number of at most 1, got 1.0E300",
        llama(", \"rms_norm_eps\": 1e300"));
    refused(
        "rope_theta: expected above 1 and at most 1.0E15, got 1.0E300",
        llama(", \"rope_theta\": 1e300"));
    refused(
        "tie_word_embeddings: expected true or false, got \"yes\"",
        llama(", \"tie_word_embeddings\": \"yes\""));
    refused(
        "eos_token_id: expected a whole number, got \"a\"", llama(", \"eos_token_id\": [\"a\"]"));
    refused(
        "hidden_size 30 is not a multiple of num_attention_heads 4, and there is no head_dim",
        llama(", \"hidden_size\": 30"));
  }

  @Test
  void refusesAScalingOfPositionsWithoutItsRule() throws IOException {
    String says =
        "%s says how positions are scaled, but not by which rule: add \"rope_type\": one of"
            + " default, linear, dynamic, llama3, yarn or longrope";
    for (String scaling :
        List.of(
            "{\"factor\":2.0}",
            "{\"rope_type\":null,\"factor\":2}",
            "{\"type\":3,\"factor\":2}",
            "{\"rope_type\":\"linear\",\"type\":\"llama3\",\"factor\":2}")) {
      refused(says.formatted(scaling), llama(", \"rope_scaling\": " + scaling));
      refused(says.formatted(scaling), llama(", \"rope_parameters\": " + scaling));
    }
    assertEquals(77, read(llama(", \"rope_parameters\": {\"rope_theta\": 77}")).rope().theta());
    refused("rope_scaling: expected an object or null, got 2", llama(", \"rope_scaling\": 2"));
    refused(
        "rope_theta is 5.0, and 77.0 in rope_parameters: expected one of them",
        llama(", \"rope_theta\": 5, \"rope_parameters\": {\"rope_theta\": 77}"));
    for (String factor : List.of("0", "-1", "1e300")) {
      refused(
          "factor of rope_scaling: expected above 0 and at most 1000000.0, got "
              + Double.parseDouble(factor),
          llama(", \"rope_scaling\": {\"type\": \"linear\", \"factor\": " + factor + "}"));
    }
  }
}
