package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores in blocks of the vocabulary against logits held whole. */
@OneThread
@InScope
class TokenScoresTest {

  /** 3,000 positions leave blocks of 349 tokens: three, the last one shorter. */
  @Test
  void blocksGiveWhatTheWholeVocabularyGives() {
    int vocabulary = 1000;
    int positions = 3000;
    Llama llama =
        Llama.create(LlamaConfig.small(vocabulary, 16, 24, 1, 2, 1, 32), 3, Device.CPU)
            .trainable(false);
    llama.parameters().get("model.embed_tokens.weight").mulInPlace(30);
    Torch.seed(5);
    Tensor hidden = Tensor.randn(positions, 16);
    Tensor logits = llama.logits(hidden);
    float[] all = logits.logSoftmax(-1).toFloats();
    int[] best = logits.argmax(-1).toInts();
    Random random = new Random(2);
    int[] from = random.ints(4000, 0, positions).toArray();
    // Every other token asked about is the likeliest.
    int[] tokens = new int[from.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = i % 2 == 0 ? best[from[i]] : random.nextInt(vocabulary);
    }
    TokenScores scores = TokenScores.of(llama, hidden, from, tokens, vocabulary);
    for (int i = 0; i < tokens.length; i++) {
      assertEquals(all[from[i] * vocabulary + tokens[i]], scores.logProbabilities()[i], 1e-4);
      assertEquals(best[from[i]] == tokens[i], scores.likeliest()[i]);
    }
  }

  @Test
  void rowsThatPadTheTableAreNeverTheLikeliest() {
    Llama llama =
        Llama.create(LlamaConfig.small(40, 16, 24, 1, 2, 1, 32), 3, Device.CPU).trainable(false);
    Torch.seed(5);
    Tensor hidden = Tensor.randn(200, 16);
    int[] best = llama.logits(hidden).slice(1, 0, 30).argmax(-1).toInts();
    int[] from = java.util.stream.IntStream.range(0, 200).toArray();
    TokenScores whole = TokenScores.of(llama, hidden, from, best, 40);
    TokenScores padded = TokenScores.of(llama, hidden, from, best, 30);
    assertArrayEquals(whole.logProbabilities(), padded.logProbabilities());
    int unlikely = 0;
    for (int i = 0; i < from.length; i++) {
      assertEquals(true, padded.likeliest()[i]);
      unlikely += whole.likeliest()[i] ? 0 : 1;
    }
    assertTrue(unlikely > 0);
  }

  /** Rounded to 16 bits, neighbours in a vocabulary of like tokens would have equal scores. */
  @Test
  void weightsOf16BitsAreMultipliedIn32(@TempDir Path folder) {
    try (Llama made = Llama.create(LlamaConfig.small(9000, 16, 24, 1, 2, 1, 32), 3, Device.CPU)) {
      made.save(folder, DType.BF16);
    }
    try (Llama half = Llama.load(folder, Device.CPU, DType.BF16);
        Llama same = Llama.load(folder, Device.CPU, DType.F32)) {
      Torch.seed(5);
      Tensor hidden = Tensor.randn(50, 16).to(DType.BF16);
      int[] from = new Random(1).ints(500, 0, 50).toArray();
      int[] tokens = new Random(2).ints(500, 0, 9000).toArray();
      float[] expected =
          TokenScores.of(same, hidden.to(DType.F32), from, tokens, 9000).logProbabilities();
      assertArrayEquals(
          expected, TokenScores.of(half, hidden, from, tokens, 9000).logProbabilities(), 1e-5f);
      assertArrayEquals(
          same.logits(hidden.to(DType.F32)).toFloats(), half.scores(hidden).toFloats(), 1e-5f);
    }
  }
}
