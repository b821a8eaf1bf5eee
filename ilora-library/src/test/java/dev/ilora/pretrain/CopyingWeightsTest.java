package dev.ilora.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model for copying does before it has learnt anything. */
class CopyingWeightsTest {
  private static final int VOCABULARY = 1000;
  private static final int BEGIN = 1;
  private static final int COLON = 6;
  private static final int LINE = 7;
  private static final Cues CUES = new Cues(new int[] {LINE}, new int[] {COLON});
  private static final Cues NONE = new Cues(new int[0], new int[0]);

  private static LlamaConfig config(int width, int layers, int heads, int keyValueHeads) {
    return CopyingWeights.config(VOCABULARY, width, 2 * width, layers, heads, keyValueHeads, 512);
  }

  @ParameterizedTest
  @CsvSource({"112,4,4,2", "128,4,4,2", "128,5,4,2", "192,4,6,3", "256,4,8,4"})
  void repeatsRandomTokensAtOnce(int width, int layers, int heads, int keyValueHeads) {
    try (var _ = Scope.open()) {
      LlamaConfig config = config(width, layers, heads, keyValueHeads);
      double accuracy = repeated(CopyingWeights.model(config, CUES, 1, Device.CPU));
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

  /** Ten titles of three tokens each, then one of their tokens and a colon. */
  @Test
  void answersWithTheTitleInWhichTheTokenBeforeTheColonStood() {
    double with = answered(CUES);
    double without = answered(NONE);
    assertTrue(with > 0.3 && without < 0.2, "with %s, without %s".formatted(with, without));
  }

  private static double answered(Cues cues) {
    SplittableRandom random = new SplittableRandom(4);
    int right = 0;
    for (int seed = 0; seed < 4; seed++) {
      try (var _ = Scope.open()) {
        Llama llama = CopyingWeights.model(config(128, 4, 4, 2), cues, seed, Device.CPU);
        for (int asked = 0; asked < 25; asked++) {
          long[] tokens = random.longs(1 + 40 + 2, 10, VOCABULARY).toArray();
          tokens[0] = BEGIN;
          for (int title = 0; title < 10; title++) {
            tokens[1 + 4 * title] = LINE;
          }
          int title = random.nextInt(10);
          tokens[41] = tokens[1 + 4 * title + 2 + random.nextInt(2)];
          tokens[42] = COLON;
          float[] next = Torch.noGrad(() -> logits(llama, tokens)).select(1, 42).toFloats();
          int best =
              IntStream.range(0, 10)
                  .boxed()
                  .max(Comparator.comparingDouble(t -> next[(int) tokens[2 + 4 * t]]))
                  .orElseThrow();
          right += best == title ? 1 : 0;
        }
      }
    }
    return right / 100.0;
  }

  @Test
  void aStandardFolderHoldsIt(@TempDir Path folder) {
    try (var _ = Scope.open()) {
      LlamaConfig config = config(128, 4, 4, 2);
      Llama made = CopyingWeights.model(config, CUES, 5, Device.CPU);
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
      LlamaConfig config = config(128, 4, 4, 2);
      String name = "model.embed_tokens.weight";
      float first = sum(CopyingWeights.model(config, CUES, 5, Device.CPU), name);
      assertEquals(first, sum(CopyingWeights.model(config, CUES, 5, Device.CPU), name));
      assertNotEquals(first, sum(CopyingWeights.model(config, CUES, 6, Device.CPU), name));
    }
  }

  private static float sum(Llama llama, String name) {
    return (float) llama.parameters().get(name).sum().item();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "128|2|4|2|at least 4 layers, got 2",
        "128|4|4|1|at least 2 key/value heads, got 1",
        "128|2|4|4|at least 4 layers, got 2; at least 2 heads for each key/value head, got 4 for 4",
        "64|4|4|2|16 elements of a head that hardly turn within 512 positions, got 10 of 16 with"
            + " rope_theta 1.0E8",
        "128|4|2|1|at least 2 key/value heads, got 1; a width of at least 178 for heads 64 wide,"
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
        refusal(LlamaConfig.small(VOCABULARY, 128, 64, 4, 4, 2, 512), CUES));
  }

  @Test
  void refusesCuesOutsideTheVocabulary() {
    assertEquals(
        "separator 1000 is outside the vocabulary of 1000",
        refusal(config(128, 4, 4, 2), new Cues(new int[] {LINE, 1000}, new int[0])));
    assertEquals(
        "asking token -1 is outside the vocabulary of 1000",
        refusal(config(128, 4, 4, 2), new Cues(new int[0], new int[] {-1})));
  }

  private static String refusal(LlamaConfig config, Cues cues) {
    return assertThrows(
            IllegalArgumentException.class, () -> CopyingWeights.model(config, cues, 1, Device.CPU))
        .getMessage();
  }
}
