package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import java.util.Random;
import org.junit.jupiter.api.Test;

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
    TokenScores scores = TokenScores.of(llama, hidden, from, tokens);
    for (int i = 0; i < tokens.length; i++) {
      assertEquals(all[from[i] * vocabulary + tokens[i]], scores.logProbabilities()[i], 1e-4);
      assertEquals(best[from[i]] == tokens[i], scores.likeliest()[i]);
    }
  }
}
