package dev.ilora.bench;

import dev.ilora.config.Config;
import dev.ilora.data.Dataset;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.WeightForm;
import dev.ilora.machine.PeakMemory;
import dev.ilora.nn.Adam;
import dev.ilora.nn.GradientClipping;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.runs.Method;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.train.PromptWorkers;
import dev.ilora.train.StepEstimate;
import dev.ilora.train.TrainingEstimate;
import dev.ilora.train.TrainingSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A few iLoRA training steps of a language model of a published shape with random weights, their
 * time and peak memory beside the estimate that was made before them.
 */
public final class ShapeBench {
  private static final double LEARNING_RATE = 1e-4;

  private ShapeBench() {}

  /** Published shapes. */
  public enum Shape {
    /** TinyLlama, 1.1 billion weights. */
    TINYLLAMA(2048, 22, 32, 4, 5632),
    /** Llama 2, 6.7 billion weights. */
    LLAMA2_7B(4096, 32, 32, 32, 11_008);

    private static final int VOCABULARY = 32_000;
    private static final int RANK = 16;
    private static final int EXPERTS = 4;

    private final int width;
    private final int layers;
    private final int heads;
    private final int keyValueHeads;
    private final int feedForward;

    Shape(int width, int layers, int heads, int keyValueHeads, int feedForward) {
      this.width = width;
      this.layers = layers;
      this.heads = heads;
      this.keyValueHeads = keyValueHeads;
      this.feedForward = feedForward;
    }

    /** The sizes, with a mixture of four experts of rank four. */
    public Sizes sizes(int batch, int candidates) {
      return new Sizes(
          width,
          layers,
          heads,
          keyValueHeads,
          feedForward,
          VOCABULARY,
          batch,
          candidates,
          RANK,
          EXPERTS,
          0);
    }
  }

  /**
   * What was measured.
   *
   * @param tokens of each prompt with its answer, on average
   * @param estimate made before the steps, for as many
   * @param peak bytes the process took at its peak in the steps, from before the model was loaded
   * @param seconds of each step
   */
  public record Result(double tokens, TrainingEstimate estimate, long peak, List<Double> seconds) {}

  /**
   * Measures. To be called in a process that does nothing else.
   *
   * @param steps that are taken
   * @param microBatch examples of a pass
   * @return empty where the system does not tell how much memory a process takes
   */
  public static Optional<Result> run(
      Sizes sizes,
      Dataset data,
      PromptTemplate template,
      DType dtype,
      Optional<WeightForm> form,
      int steps,
      int microBatch)
      throws IOException {
    Optional<PeakMemory> begun = PeakMemory.begin();
    if (begun.isEmpty()) {
      return Optional.empty();
    }
    TrainingSettings settings =
        Config.bind(
            TrainingSettings.class,
            List.of(
                "steps=" + steps,
                "batch=" + sizes.batch(),
                "microBatch=" + microBatch,
                "validations=0",
                "checkpointActivations=true"));
    try (Workload workload =
        new Workload(sizes, untied(sizes.llama()), data, template, dtype, form)) {
      PromptModel model = workload.model(Method.ILORA, dtype);
      List<Example> batch = workload.batch();
      Optional<StepEstimate> step =
          StepEstimate.measure(
              model, batch, StepEstimate.threads(model, batch.size()), microBatch, true);
      if (step.isEmpty()) {
        return Optional.empty();
      }
      long held = begun.get().held();
      TrainingEstimate estimate = TrainingEstimate.of(model, held, step.get(), settings, 0, 1);
      Optional<PeakMemory> _ = PeakMemory.begin();
      List<Double> seconds = train(model, batch, settings);
      return Optional.of(
          new Result(tokens(workload, batch), estimate, begun.get().bytes(), seconds));
    }
  }

  /** Both shapes have a head of their own. */
  private static LlamaConfig untied(LlamaConfig config) {
    return new LlamaConfig(
        config.family(),
        config.vocabularySize(),
        config.hiddenSize(),
        config.intermediateSize(),
        config.heads(),
        config.keyValueHeads(),
        config.headWidth(),
        config.maxPositions(),
        config.normEpsilon(),
        false,
        config.form(),
        config.beginToken(),
        config.endTokens());
  }

  private static double tokens(Workload workload, List<Example> batch) {
    return workload.sequences(batch).stream()
        .mapToInt(NecessaryWork.Sequence::tokens)
        .average()
        .orElseThrow();
  }

  private static List<Double> train(
      PromptModel model, List<Example> batch, TrainingSettings settings) {
    Map<String, Tensor> parameters = model.parameters();
    PromptWorkers workers = new PromptWorkers(model, batch.size(), settings.passes());
    List<Double> seconds = new ArrayList<>();
    try (Adam adam = new Adam(List.of(new Adam.Group("all", parameters)), Adam.Options.adamW())) {
      for (int step = 0; step < settings.steps(); step++) {
        long before = System.nanoTime();
        try (var _ = Scope.open()) {
          adam.zeroGrad();
          workers.accumulate(batch);
          GradientClipping.clip(parameters.values(), settings.clip());
          adam.step(LEARNING_RATE);
        }
        seconds.add((System.nanoTime() - before) / 1e9);
      }
    }
    return seconds;
  }
}
