package dev.ilora.train;

import dev.ilora.adapter.Adaptation;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Llama;
import dev.ilora.nn.Adam;
import dev.ilora.tensor.DType;
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
  private final LongFunction<List<PretrainingExample>> examples;
  private final int microBatchTokens;
  private final double weightDecay;

  /**
   * @param llama the model, all of it trained
   * @param examples the texts of a step, a function of the step alone
   * @param microBatchTokens tokens of one forward and backward pass at the most, padding included
   */
  public PretrainingTask(
      Llama llama,
      LongFunction<List<PretrainingExample>> examples,
      int microBatchTokens,
      double weightDecay) {
    this.llama = llama.trainable(true);
    this.examples = examples;
    this.microBatchTokens = microBatchTokens;
    this.weightDecay = weightDecay;
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
    double loss = 0;
    long tokens = 0;
    for (List<PretrainingExample> batch : microBatches(sorted)) {
      try (var _ = Scope.open()) {
        Tensor share = loss(batch).div(weight);
        share.backward();
        loss += share.item();
      }
      tokens += batch.stream().mapToLong(PretrainingExample::length).sum();
    }
    return new StepLoss(loss, tokens);
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
    batches.add(batch);
    return batches;
  }

  private Tensor loss(List<PretrainingExample> batch) {
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
    Tensor hidden =
        llama.hiddenAt(
            llama.embed(Tensor.of(ids, batch.size(), length).to(llama.device())),
            Attention.causal(),
            Adaptation.NONE,
            longs(positions));
    Tensor logProbabilities = llama.logits(hidden).to(DType.F32).logSoftmax(-1);
    Tensor ofTargets = logProbabilities.gather(1, longs(targets).unsqueeze(1)).squeeze(1);
    float[] values = new float[weights.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = -weights.get(i);
    }
    return ofTargets.mul(Tensor.of(values, values.length).to(llama.device())).sum();
  }

  private Tensor longs(List<Long> values) {
    long[] array = values.stream().mapToLong(Long::longValue).toArray();
    return Tensor.of(array, array.length).to(llama.device());
  }
}
