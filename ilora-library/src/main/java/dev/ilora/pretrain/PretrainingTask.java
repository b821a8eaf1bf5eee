package dev.ilora.pretrain;

import dev.ilora.adapter.Adaptation;
import dev.ilora.hybrid.Projector;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Llama;
import dev.ilora.llm.TrainingPass;
import dev.ilora.nn.Adam;
import dev.ilora.nn.SharedWeights;
import dev.ilora.synthetic.PretrainingExample;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.train.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Teaches a language model from scratch: next-token prediction on weighted targets, so that running
 * text counts everywhere and an instruction at its answers. Where texts hold vectors, the projector
 * that brings them to the model's width is taught with it.
 */
public final class PretrainingTask implements Task {
  /** What is taught: a model, and a projector or null. */
  private record Pupil(Llama llama, Projector projector) {
    Pupil shadow() {
      return new Pupil(llama.shadow(), projector == null ? null : projector.shadow());
    }

    Map<String, Tensor> parameters() {
      Map<String, Tensor> all = new LinkedHashMap<>(llama.parameters());
      if (projector != null) {
        projector.parameters().forEach((name, tensor) -> all.put("projector." + name, tensor));
      }
      return all;
    }
  }

  private final Pupil pupil;
  private final int threads;
  private final LongFunction<List<PretrainingExample>> examples;
  private final int microBatchTokens;
  private final double weightDecay;

  /**
   * @param llama the model, all of it trained
   * @param projector for the texts' vectors; null where they have none
   * @param examples the texts of a step, a function of the step alone
   * @param microBatchTokens tokens of one forward and backward pass at the most, padding included
   * @param threads passes run at the same time, each on one thread; the gradients are summed in a
   *     fixed order, so the same number of threads gives the same weights
   */
  public PretrainingTask(
      Llama llama,
      Projector projector,
      LongFunction<List<PretrainingExample>> examples,
      int microBatchTokens,
      double weightDecay,
      int threads) {
    this.pupil = new Pupil(llama.trainable(true), projector);
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
    pupil.parameters().forEach((n, t) -> (t.dim() > 1 ? matrices : norms).put(n, t));
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
            pupil,
            Pupil::shadow,
            Pupil::parameters,
            sorted,
            (own, share) -> accumulate(own, share, total));
    return new StepLoss(loss, sorted.stream().mapToLong(PretrainingExample::length).sum());
  }

  private double accumulate(Pupil own, List<PretrainingExample> examples, double weight) {
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
      Pupil pupil, List<PretrainingExample> texts, double divisor) {
    Llama llama = pupil.llama;
    TextBatch batch = new TextBatch(texts);
    TrainingPass pass =
        llama.trainingPass(
            batch.embeddings(llama, pupil.projector),
            Attention.causal(batch.lengths()),
            Adaptation.NONE,
            batch.positions(llama.device()),
            false);
    return pass.backward(
        batch.targets(llama.device()),
        batch.weights(divisor, llama.device()),
        batch.choices(divisor));
  }
}
