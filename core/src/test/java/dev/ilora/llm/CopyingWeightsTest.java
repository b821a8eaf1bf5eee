package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model for copying does before it has learnt anything. */
class CopyingWeightsTest {
  private static final int VOCABULARY = 1000;
  private static final int COMMA = 7;
  private static final int[] SEPARATORS = {COMMA};

  private static LlamaConfig config(int width, int layers, int heads, int keyValueHeads) {
    return LlamaConfig.copying(VOCABULARY, width, 2 * width, layers, heads, keyValueHeads, 512);
  }

  @ParameterizedTest
  @CsvSource({"96,3,4,2", "128,3,4,2", "128,4,4,2", "192,3,6,2", "256,3,8,4"})
  void repeatsRandomTokensAtOnce(int width, int layers, int heads, int keyValueHeads) {
    try (var _ = Scope.open()) {
      LlamaConfig config = config(width, layers, heads, keyValueHeads);
      double accuracy = repeated(Llama.createForCopying(config, SEPARATORS, 1, Device.CPU));
      assertTrue(accuracy > 0.85, "accuracy " + accuracy);
      double plain = repeated(Llama.create(config, 1, Device.CPU));
      assertTrue(plain < 0.05, "accuracy " + plain);
    }
  }

  /** Share of the second and third saying of 40 random tokens that is foretold. */
  private static double repeated(Llama llama) {
    SplittableRandom random = new SplittableRandom(3);
    int right = 0;
    int asked = 0;
    for (int sequence = 0; sequence < 4; sequence++) {
      long[] said = random.longs(40, 10, VOCABULARY).toArray();
      long[] tokens = LongStream.range(0, 120).map(i -> said[(int) (i % 40)]).toArray();
      long[] foretold = foretold(llama, tokens);
      for (int t = 40; t < tokens.length - 1; t++) {
        right += foretold[t] == tokens[t + 1] ? 1 : 0;
        asked++;
      }
    }
    return (double) right / asked;
  }

  private static long[] foretold(Llama llama, long[] tokens) {
    try (var _ = Scope.open()) {
      return Torch.noGrad(() -> logits(llama, tokens).argmax(-1)).toLongs();
    }
  }

  private static Tensor logits(Llama llama, long[] tokens) {
    Tensor embeddings = llama.embed(Tensor.of(tokens, 1, tokens.length));
    return llama.logits(llama.hidden(embeddings, Attention.causal(), Adaptation.NONE));
  }

  @Test
  void separatorsLetItProposeFirstTokensOfListedTitles() {
    double with = advantageOfFirstTokens(SEPARATORS);
    double without = advantageOfFirstTokens(new int[0]);
    assertTrue(with > without + 0.2, "with %s, without %s".formatted(with, without));
  }

  /** Mean logit of the titles' first tokens, less that of their other tokens. */
  private static double advantageOfFirstTokens(int[] separators) {
    double advantage = 0;
    for (int seed = 0; seed < 4; seed++) {
      try (var _ = Scope.open()) {
        Llama llama = Llama.createForCopying(config(128, 3, 4, 2), separators, seed, Device.CPU);
        for (int asking = 100; asking < 110; asking++) {
          long[] tokens = {COMMA, 20, 21, 22, COMMA, 30, 31, COMMA, 40, 41, 42, 43, COMMA, asking};
          float[] last =
              Torch.noGrad(() -> logits(llama, tokens)).select(1, tokens.length - 1).toFloats();
          advantage += (last[20] + last[30] + last[40]) / 3 / 40;
          advantage -= (last[21] + last[22] + last[31] + last[41] + last[42] + last[43]) / 6 / 40;
        }
      }
    }
    return advantage;
  }

  @Test
  void aStandardFolderHoldsIt(@TempDir Path folder) {
    try (var _ = Scope.open()) {
      LlamaConfig config = config(128, 3, 4, 2);
      Llama made = Llama.createForCopying(config, SEPARATORS, 5, Device.CPU);
      made.save(folder);
      Llama loaded = Llama.load(folder, Device.CPU, DType.F32);
      assertEquals(config, loaded.config());
      made.parameters()
          .forEach(
              (name, weight) ->
                  assertArrayEquals(
                      weight.toFloats(), loaded.parameters().get(name).toFloats(), name));
    }
  }

  @Test
  void theSeedDecides() {
    try (var _ = Scope.open()) {
      LlamaConfig config = config(96, 3, 4, 2);
      String name = "model.embed_tokens.weight";
      float first = sum(Llama.createForCopying(config, SEPARATORS, 5, Device.CPU), name);
      assertEquals(first, sum(Llama.createForCopying(config, SEPARATORS, 5, Device.CPU), name));
      assertNotEquals(first, sum(Llama.createForCopying(config, SEPARATORS, 6, Device.CPU), name));
    }
  }

  private static float sum(Llama llama, String name) {
    return (float) llama.parameters().get(name).sum().item();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "128|2|4|2|at least 3 layers, got 2",
        "128|3|4|1|at least 2 key/value heads, got 1",
        "128|2|4|4|at least 3 layers, got 2; at least 2 heads for each key/value head, got 4 for 4",
        "64|3|4|2|16 elements of a head that hardly turn within 512 positions, got 10 of 16 with"
            + " rope_theta 1.0E8",
        "128|3|2|1|at least 2 key/value heads, got 1; a width of at least 177 for heads 64 wide,"
            + " got 128"
      })
  void refusesSizesWithoutRoom(
      int width, int layers, int heads, int keyValueHeads, String message) {
    assertEquals(
        "heads that copy need " + message,
        assertThrows(
                IllegalArgumentException.class, () -> config(width, layers, heads, keyValueHeads))
            .getMessage());
  }

  @Test
  void refusesAnglesThatTurnTooFast() {
    assertEquals(
        "heads that copy need 16 elements of a head that hardly turn within 512 positions, got 12"
            + " of 32 with rope_theta 10000.0",
        refusal(LlamaConfig.small(VOCABULARY, 128, 64, 3, 4, 2, 512), SEPARATORS));
  }

  @Test
  void refusesSeparatorsOutsideTheVocabulary() {
    assertEquals(
        "separator 1000 is outside the vocabulary of 1000",
        refusal(config(128, 3, 4, 2), new int[] {COMMA, 1000}));
  }

  private static String refusal(LlamaConfig config, int[] separators) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> Llama.createForCopying(config, separators, 1, Device.CPU))
        .getMessage();
  }
}
