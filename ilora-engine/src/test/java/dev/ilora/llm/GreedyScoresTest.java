package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Greedy decoding in 16 bits finds the token that scores in 32 bits find. */
@OneThread
@InScope
class GreedyScoresTest {
  private static final int VOCABULARY = 400;

  @TempDir private Path folder;

  private Llama model(WeightForm form) {
    Llama made = Llama.create(LlamaConfig.small(VOCABULARY, 64, 128, 2, 4, 2, 128), 5, Device.CPU);
    Torch.noGrad(
        () ->
            made.parameters().values().stream()
                .filter(weight -> weight.dim() == 2)
                .forEach(weight -> weight.mulInPlace(6)));
    made.save(folder, DType.BF16);
    return Llama.load(folder, Device.CPU, DType.BF16, Optional.of(form));
  }

  private static Tensor hidden(Llama llama, int rows) {
    Torch.seed(5);
    return Tensor.randn(rows, llama.config().hiddenSize()).mul(3).to(DType.BF16);
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "INT8", "Q4_0", "NF4"})
  void theBestTokenIsThatOfScoresInThirtyTwoBits(WeightForm form) {
    Llama llama = model(form);
    Tensor hidden = hidden(llama, 16);
    Tensor exact = llama.scores(hidden);
    Tensor near = GreedyScores.of(llama, hidden, Integer.MAX_VALUE);
    assertArrayEquals(exact.shape(), near.shape());
    assertEquals(DType.F32, near.dtype());
    Tensor.TopK best = exact.topk(5, -1);
    Tensor.TopK found = near.topk(5, -1);
    assertArrayEquals(best.indices().toInts(), found.indices().toInts());
    assertArrayEquals(best.values().toFloats(), found.values().toFloats(), 1e-4f);
  }

  @Test
  void tokensBeyondTheVocabularyAreNotScored() {
    Llama llama = model(WeightForm.BF16);
    Tensor hidden = hidden(llama, 2);
    int tokens = VOCABULARY - 7;
    assertEquals(tokens, GreedyScores.of(llama, hidden, tokens).size(1));
  }

  @Test
  void aTokenThatRoundingMayHaveHiddenIsLookedFor() {
    float[] near = new float[65];
    for (int i = 0; i < near.length; i++) {
      near[i] = 10 - 0.1f * i;
    }
    float[] exact = Arrays.copyOf(near, 64);
    assertTrue(GreedyScores.surely(near, exact));
    exact[3] += 1;
    assertTrue(GreedyScores.surely(near, exact), "an error of 1, and 7.1 to the next token");
    exact[3] += 2;
    assertFalse(GreedyScores.surely(near, exact), "an error of 3, and 9.1 to the next token");
    Arrays.fill(near, 1);
    assertFalse(GreedyScores.surely(near, Arrays.copyOf(near, 64)), "all alike");
    exact[0] = Float.NaN;
    assertFalse(GreedyScores.surely(near, exact), "no numbers");
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "Q4_0"})
  void answersFromCodesAreThoseOfTheValues(WeightForm form) {
    Llama llama = model(form);
    Prompts prompts = Prompts.of(llama, List.of(new int[] {3, 7, 9}, new int[] {12, 5, 80}));
    var options = Generation.Options.of(6, Set.of());
    var cached = new Generation(llama, options).greedy(prompts, Adaptation.NONE);
    // A pass over all tokens multiplies values.
    var whole = new Generation(llama, options.cached(false)).greedy(prompts, Adaptation.NONE);
    for (int row = 0; row < 2; row++) {
      assertArrayEquals(whole.get(row).tokens(), cached.get(row).tokens());
      assertEquals(
          whole.get(row).logProbability(), cached.get(row).logProbability(), 0.06, "row " + row);
    }
  }
}
