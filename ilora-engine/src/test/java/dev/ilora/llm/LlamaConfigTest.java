package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    assertEquals(10000, config.ropeTheta());
    assertEquals(new RopeScaling.None(), config.ropeScaling());
    assertEquals(List.of(2, 7), config.endTokens());
    assertTrue(!config.tiedHead() && !config.queryBias());
    LlamaConfig qwen =
        read("{\"model_type\": \"qwen2\", \"tie_word_embeddings\": true, " + SIZES + "}");
    assertTrue(qwen.queryBias() && !qwen.outputBias() && qwen.tiedHead());
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
    assertEquals(99, read(llama(newer)).ropeTheta());
  }

  /** First, middle and last angles of Llama 3.1 as its published formula gives them. */
  @Test
  void llama3ScalingKeepsFastAndDividesSlowRotations() {
    RopeScaling scaling = new RopeScaling.Llama3(8, 1, 4, 8192);
    float[] plain = new RopeScaling.None().frequencies(128, 500000);
    float[] scaled = scaling.frequencies(128, 500000);
    assertEquals(plain[0], scaled[0]);
    assertEquals(plain[63] / 8, scaled[63], 1e-12);
    double frequency = 1 / Math.pow(500000, 2 * 32 / 128.0);
    double smooth = (8192 / (2 * Math.PI / frequency) - 1) / 3;
    assertEquals((1 - smooth) * frequency / 8 + smooth * frequency, scaled[32], 1e-9);
    assertArrayEquals(
        new float[] {0.5f, 0.005f}, new RopeScaling.Linear(2).frequencies(4, 10000), 1e-7f);
  }

  @Test
  void refusesWhatIsNotComputed() throws IOException {
    refused(
        "model_type 'gpt2' is not supported: expected llama, mistral or qwen2",
        "{\"model_type\": \"gpt2\"}");
    refused(
        "hidden_act 'gelu' is not supported: expected silu", llama(", \"hidden_act\": \"gelu\""));
    refused("mlp_bias 'true' is not supported: expected false", llama(", \"mlp_bias\": true"));
    refused(
        "quantization_config 'present' is not supported: expected a model that is not quantised",
        llama(", \"quantization_config\": {\"bits\": 4}"));
    refused(
        "rope_type 'yarn' is not supported: expected default, linear or llama3",
        llama(", \"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4}"));
    refused(
        "sliding_window '4096' is not supported: expected none",
        "{\"model_type\": \"mistral\", \"sliding_window\": 4096, " + SIZES + "}");
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
}
