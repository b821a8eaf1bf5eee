package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.adapter.Adaptation;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.text.PretrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PretrainingTaskTest {
  private static final int VOCABULARY = 40;

  private static Llama llama() {
    return Llama.create(LlamaConfig.small(VOCABULARY, 16, 24, 3, 4, 2, 64), 3, Device.CPU);
  }

  /** Texts of 2 to 30 tokens; some tokens are context alone. */
  private static List<PretrainingExample> texts(int count) {
    SplittableRandom random = new SplittableRandom(8);
    List<PretrainingExample> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] tokens = new int[2 + random.nextInt(29)];
      Arrays.setAll(tokens, _ -> random.nextInt(VOCABULARY));
      float[] weights = new float[tokens.length];
      for (int t = 1; t < weights.length; t++) {
        weights[t] = random.nextInt(3) / 2f;
      }
      weights[1] = 1;
      texts.add(
          new PretrainingExample(
              PretrainingExample.Kind.SENTENCE, tokens, weights, new int[0], new int[0]));
    }
    return texts;
  }

  /** One text after the other, by a graph: the loss, then all gradients. */
  private static List<float[]> slowly(List<PretrainingExample> texts) {
    try (var _ = Scope.open()) {
      Llama llama = llama();
      double total = 0;
      for (PretrainingExample text : texts) {
        for (float weight : text.weights()) {
          total += weight;
        }
      }
      double loss = 0;
      for (PretrainingExample text : texts) {
        Tensor ids = Tensor.ofInts(text.tokens(), 1, text.length());
        Tensor hidden = llama.hidden(llama.embed(ids), Attention.causal(), Adaptation.NONE);
        Tensor likely = llama.logits(hidden).logSoftmax(-1).select(0, 0);
        Tensor sum = Tensor.zeros(1);
        for (int t = 1; t < text.length(); t++) {
          Tensor next = likely.select(0, t - 1).select(0, text.tokens()[t]);
          sum = sum.add(next.mul(-text.weights()[t] / total));
        }
        sum.sum().backward();
        loss += sum.item();
      }
      return outcome(llama, loss);
    }
  }

  private static List<float[]> outcome(Llama llama, double loss) {
    List<float[]> values = new ArrayList<>(List.of(new float[] {(float) loss}));
    llama.parameters().values().forEach(weight -> values.add(weight.grad().toFloats()));
    return values;
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "1, 40", "2, 40", "3, 1000"})
  void gradientsAreThoseOfTheWeightedMeanHoweverTheStepIsCut(int threads, int microBatchTokens) {
    List<PretrainingExample> texts = texts(11);
    List<float[]> expected = slowly(texts);
    try (var _ = Scope.open()) {
      Llama llama = llama();
      PretrainingTask task =
          new PretrainingTask(llama, _ -> texts, microBatchTokens, 0.01, threads);
      Task.StepLoss loss = task.accumulate(0);
      List<float[]> given = outcome(llama, loss.loss());
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i), given.get(i), 2e-6f);
      }
      assertEquals(texts.stream().mapToInt(PretrainingExample::length).sum(), loss.tokens());
    }
  }

  @Test
  void moreThreadsThanTextsDoNoHarm() {
    List<PretrainingExample> texts = texts(2);
    List<float[]> expected = slowly(texts);
    try (var _ = Scope.open()) {
      Llama llama = llama();
      Task.StepLoss loss = new PretrainingTask(llama, _ -> texts, 64, 0.01, 3).accumulate(0);
      assertArrayEquals(expected.getLast(), outcome(llama, loss.loss()).getLast(), 2e-6f);
    }
  }
}
