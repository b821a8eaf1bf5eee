package dev.ilora.train;

import dev.ilora.adapter.Adaptation;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Llama;
import dev.ilora.nn.Adam;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Workers;
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
  private final List<Llama> workers = new ArrayList<>();
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
    workers.add(llama);
    while (workers.size() < threads) {
      workers.add(llama.shadow());
    }
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
    List<List<PretrainingExample>> batches = microBatches(sorted);
    double total = weight;
    double loss = Workers.sum(workers.size(), worker -> accumulate(worker, batches, total));
    addShadowGradients();
    return new StepLoss(loss, sorted.stream().mapToLong(PretrainingExample::length).sum());
  }

  /** Every so many-th batch, on one worker's weights. */
  private double accumulate(int worker, List<List<PretrainingExample>> batches, double weight) {
    double loss = 0;
    for (int b = worker; b < batches.size(); b += workers.size()) {
      try (var _ = Scope.open()) {
        Tensor share = loss(workers.get(worker), batches.get(b)).div(weight);
        share.backward();
        loss += share.item();
      }
    }
    return loss;
  }

  private void addShadowGradients() {
    for (Llama worker : workers.subList(1, workers.size())) {
      llama
          .parameters()
          .forEach(
              (name, parameter) -> {
                Tensor shadow = worker.parameters().get(name);
                if (shadow.grad() != null) {
                  parameter.addGrad(shadow.grad());
                  shadow.clearGrad();
                }
              });
    }
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

  private static Tensor loss(Llama llama, List<PretrainingExample> batch) {
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
            longs(positions, llama));
    Tensor logProbabilities = llama.logits(hidden).to(DType.F32).logSoftmax(-1);
    Tensor ofTargets = logProbabilities.gather(1, longs(targets, llama).unsqueeze(1)).squeeze(1);
    float[] values = new float[weights.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = -weights.get(i);
    }
    return ofTargets.mul(Tensor.of(values, values.length).to(llama.device())).sum();
  }

  private static Tensor longs(List<Long> values, Llama llama) {
    long[] array = values.stream().mapToLong(Long::longValue).toArray();
    return Tensor.of(array, array.length).to(llama.device());
  }
}
