package dev.ilora.train;

import dev.ilora.adapter.Adaptation;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Llama;
import dev.ilora.llm.TrainingPass;
import dev.ilora.nn.Adam;
import dev.ilora.nn.SharedWeights;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.text.PretrainingExample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Teaches a language model from scratch: next-token prediction on weighted targets, so that running
 * text counts everywhere and an instruction at its answers.
 */
public final class PretrainingTask implements Task {
  private final Llama llama;
  private final int threads;
  private final LongFunction<List<PretrainingExample>> examples;
  private final int microBatchTokens;
  private final double weightDecay;

  /**
   * @param llama the model, all of it trained
   * @param examples the texts of a step, a function of the step alone
   * @param microBatchTokens tokens of one forward and backward pass at the most, padding included
   * @param threads passes run at the same time, each on one thread; the gradients are summed in a
   *     fixed order, so the same number of threads gives the same weights
   */
  public PretrainingTask(
      Llama llama,
      LongFunction<List<PretrainingExample>> examples,
      int microBatchTokens,
      double weightDecay,
      int threads) {
    this.llama = llama.trainable(true);
    this.examples = examples;
    this.microBatchTokens = microBatchTokens;
    this.weightDecay = weightDecay;
    this.threads = threads;
  }

  @Override
  public String name() {
    return "pretraining";
  }

  @Override
  public List<Adam.Group> groups() {
    Map<String, Tensor> matrices = new LinkedHashMap<>();
    Map<String, Tensor> norms = new LinkedHashMap<>();
    llama.parameters().forEach((n, t) -> (t.dim() > 1 ? matrices : norms).put(n, t));
    return List.of(
        new Adam.Group("matrices", matrices, 1, weightDecay), new Adam.Group("norms", norms, 1, 0));
  }

  @Override
  public StepLoss accumulate(long step) {
    List<PretrainingExample> sorted = new ArrayList<>(examples.apply(step));
    sorted.sort(Comparator.comparingInt(PretrainingExample::length));
    double weight = 0;
    for (PretrainingExample example : sorted) {
      for (float w : example.weights()) {
        weight += w;
      }
    }
    double total = weight;
    double loss =
        SharedWeights.accumulate(
            threads,
            llama,
            Llama::shadow,
            Llama::parameters,
            sorted,
            (own, share) -> accumulate(own, share, total));
    return new StepLoss(loss, sorted.stream().mapToLong(PretrainingExample::length).sum());
  }

  private double accumulate(Llama own, List<PretrainingExample> examples, double weight) {
    double loss = 0;
    for (List<PretrainingExample> batch : microBatches(examples)) {
      try (var _ = Scope.open()) {
        loss += accumulatePass(own, batch, weight);
      }
    }
    return loss;
  }

  private List<List<PretrainingExample>> microBatches(List<PretrainingExample> sorted) {
    List<List<PretrainingExample>> batches = new ArrayList<>();
    List<PretrainingExample> batch = new ArrayList<>();
    for (PretrainingExample example : sorted) {
      if (!batch.isEmpty() && (batch.size() + 1) * example.length() > microBatchTokens) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
      batch.add(example);
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private static double accumulatePass(
      Llama llama, List<PretrainingExample> batch, double divisor) {
    int length = batch.getLast().length();
    long[] ids = new long[batch.size() * length];
    List<Long> positions = new ArrayList<>();
    List<Long> targets = new ArrayList<>();
    List<Float> weights = new ArrayList<>();
    for (int b = 0; b < batch.size(); b++) {
      PretrainingExample example = batch.get(b);
      for (int t = 0; t < example.length(); t++) {
        ids[b * length + t] = example.tokens()[t];
        if (t > 0 && example.weights()[t] > 0) {
          positions.add((long) b * length + t - 1);
          targets.add((long) example.tokens()[t]);
          weights.add(example.weights()[t]);
        }
      }
    }
    int[] lengths = batch.stream().mapToInt(PretrainingExample::length).toArray();
    TrainingPass pass =
        llama.trainingPass(
            llama.embed(Tensor.of(ids, batch.size(), length).to(llama.device())),
            Attention.causal(lengths),
            Adaptation.NONE,
            longs(positions, llama),
            false);
    float[] shares = new float[weights.size()];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) (weights.get(i) / divisor);
    }
    return pass.backward(
        longs(targets, llama), Tensor.of(shares, shares.length).to(llama.device()));
  }

  private static Tensor longs(List<Long> values, Llama llama) {
    long[] array = values.stream().mapToLong(Long::longValue).toArray();
    return Tensor.of(array, array.length).to(llama.device());
  }
}
