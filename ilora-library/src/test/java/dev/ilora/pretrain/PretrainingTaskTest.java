package dev.ilora.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.adapter.Adaptation;
import dev.ilora.hybrid.Projector;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.synthetic.PretrainingExample;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.train.Task;
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
              PretrainingExample.Kind.FACTS, tokens, weights, new int[0], new int[0]));
    }
    return texts;
  }

  /** Adds the gradients of one text's share of the loss, and returns that share. */
  private static double backward(
      Llama llama, Tensor hidden, PretrainingExample text, double total) {
    Tensor likely = llama.logits(hidden).logSoftmax(-1).select(0, 0);
    Tensor sum = Tensor.zeros(1);
    for (int t = 1; t < text.length(); t++) {
      Tensor next = likely.select(0, t - 1).select(0, text.tokens()[t]);
      sum = sum.add(next.mul(-text.weights()[t] / total));
    }
    sum.sum().backward();
    return sum.item();
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
        loss += backward(llama, hidden, text, total);
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
          new PretrainingTask(llama, null, _ -> texts, microBatchTokens, 0.01, threads);
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
      Task.StepLoss loss = new PretrainingTask(llama, null, _ -> texts, 64, 0.01, 3).accumulate(0);
      assertArrayEquals(expected.getLast(), outcome(llama, loss.loss()).getLast(), 2e-6f);
    }
  }

  /** Texts with vectors added to and in place of tokens; two texts may share none. */
  private static List<PretrainingExample> withVectors() {
    SplittableRandom random = new SplittableRandom(4);
    List<PretrainingExample> texts = new ArrayList<>();
    for (PretrainingExample text : texts(6)) {
      int places = text.length() < 6 ? 0 : 3;
      float[][] values = new float[places][5];
      for (float[] value : values) {
        for (int i = 0; i < value.length; i++) {
          value[i] = (float) random.nextGaussian();
        }
      }
      int[] positions = places == 0 ? new int[0] : new int[] {0, 2, 3};
      int[] rows = places == 0 ? new int[0] : new int[] {1, 0, 2};
      boolean[] adds = places == 0 ? new boolean[0] : new boolean[] {true, false, true};
      texts.add(
          new PretrainingExample(
              text.kind(),
              text.tokens(),
              text.weights(),
              text.answerStarts(),
              text.answerEnds(),
              text.among(),
              new PretrainingExample.Vectors(positions, rows, adds, values)));
    }
    return texts;
  }

  private static List<float[]> slowlyWithVectors(List<PretrainingExample> texts) {
    Llama llama = llama();
    Projector projector = projector();
    double total = 0;
    for (PretrainingExample text : texts) {
      for (float weight : text.weights()) {
        total += weight;
      }
    }
    llama.trainable(true);
    double loss = 0;
    for (PretrainingExample text : texts) {
      Tensor embedded = llama.embed(Tensor.ofInts(text.tokens(), 1, text.length()));
      List<Tensor> tokens = new ArrayList<>();
      for (int t = 0; t < text.length(); t++) {
        Tensor token = embedded.select(1, t);
        for (int s = 0; s < text.vectors().positions().length; s++) {
          if (text.vectors().positions()[s] == t) {
            float[] value = text.vectors().values()[text.vectors().rows()[s]];
            Tensor placed = projector.project(Tensor.of(value, 1, value.length));
            token = text.vectors().adds()[s] ? token.add(placed) : placed;
          }
        }
        tokens.add(token.unsqueeze(1));
      }
      Tensor hidden = llama.hidden(Tensor.cat(tokens, 1), Attention.causal(), Adaptation.NONE);
      loss += backward(llama, hidden, text, total);
    }
    List<float[]> values = outcome(llama, loss);
    projector.parameters().values().forEach(weight -> values.add(weight.grad().toFloats()));
    return values;
  }

  private static Projector projector() {
    return Projector.create(5, 16, 1, 0.1, 9, Device.CPU);
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "2, 40"})
  void theProjectorOfVectorsIsTaughtWithTheModel(int threads, int microBatchTokens) {
    List<PretrainingExample> texts = withVectors();
    try (var _ = Scope.open()) {
      List<float[]> expected = slowlyWithVectors(texts);
      Llama llama = llama();
      Projector projector = projector();
      PretrainingTask task =
          new PretrainingTask(llama, projector, _ -> texts, microBatchTokens, 0.01, threads);
      Task.StepLoss loss = task.accumulate(0);
      List<float[]> given = outcome(llama, loss.loss());
      projector.parameters().values().forEach(weight -> given.add(weight.grad().toFloats()));
      assertEquals(expected.size(), given.size());
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i), given.get(i), 5e-6f);
      }
    }
  }

  /** A text with one answer, chosen among a few tokens; its weight there is 1. */
  private static PretrainingExample choice() {
    int[] tokens = {3, 9, 27, 5, 11, 30};
    return new PretrainingExample(
        PretrainingExample.Kind.CHOICE,
        tokens,
        new float[] {0, 0, 0, 0, 1, 0},
        new int[] {4},
        new int[] {6},
        new int[][] {{7, 11, 39}},
        PretrainingExample.Vectors.NONE);
  }

  @Test
  void aChoiceAddsTheCrossEntropyAmongTheFewToThatOfAllTokens() {
    try (var _ = Scope.open()) {
      Llama slow = llama().trainable(true);
      Tensor ids = Tensor.ofInts(choice().tokens(), 1, 6);
      Tensor hidden = slow.hidden(slow.embed(ids), Attention.causal(), Adaptation.NONE);
      Tensor logits = slow.logits(hidden).select(0, 0).select(0, 3);
      Tensor few = logits.indexSelect(0, Tensor.ofInts(new int[] {7, 11, 39}, 3));
      Tensor sum = logits.logSoftmax(-1).select(0, 11).add(few.logSoftmax(-1).select(0, 1)).mul(-1);
      sum.backward();
      List<float[]> expected = outcome(slow, sum.item());
      Llama llama = llama();
      PretrainingTask task = new PretrainingTask(llama, null, _ -> List.of(choice()), 100, 0.01, 1);
      List<float[]> given = outcome(llama, task.accumulate(0).loss());
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i), given.get(i), 5e-6f);
      }
    }
  }

  @Test
  void aChoiceThatIsNotAmongTheFewIsRefused() {
    assertEquals(
        "token 11 is not among [7, 39]",
        assertThrows(
                IllegalArgumentException.class,
                () -> new ChoiceLoss().add(0, new int[] {7, 39}, 11, 1))
            .getMessage());
  }
}
