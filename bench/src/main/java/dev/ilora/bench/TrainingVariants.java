package dev.ilora.bench;

import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.nn.Adam;
import dev.ilora.nn.GradientClipping;
import dev.ilora.runs.Method;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.train.PassPlan;
import dev.ilora.train.PromptWorkers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The ways of training that are compared; each a step on a batch, ready to be repeated. */
final class TrainingVariants implements AutoCloseable {
  static final String ILORA = "ilora";
  static final String LORA = "lora";
  static final String FROZEN = "frozen";
  static final String CHECKPOINTED = "checkpointed";
  static final String REFERENCE = "reference";

  private static final double LEARNING_RATE = 1e-4;

  private final Workload workload;
  private final List<Adam> optimisers = new ArrayList<>();

  TrainingVariants(Workload workload) {
    this.workload = workload;
  }

  /** Names of the variants of a type. */
  static List<String> names(DType dtype) {
    return dtype == DType.F32
        ? List.of(ILORA, LORA, FROZEN, CHECKPOINTED, REFERENCE)
        : List.of(ILORA, LORA, FROZEN, CHECKPOINTED);
  }

  /** The examples a variant's step trains on. */
  List<Example> examples(String name) {
    return name.equals(REFERENCE) ? workload.unsortedBatch() : workload.batch();
  }

  /**
   * One step, to be repeated: {@value #ILORA} and {@value #LORA} train; {@value #FROZEN} is the
   * forward and input-gradient pass of the model without adapters; {@value #CHECKPOINTED} trains
   * iLoRA without remembering layers; {@value #REFERENCE} trains iLoRA as the released code does.
   */
  Runnable step(String name, DType dtype) {
    List<Example> examples = examples(name);
    return switch (name) {
      case ILORA -> training(Method.ILORA, dtype, examples, false);
      case LORA -> training(Method.LLARA, dtype, examples, false);
      case CHECKPOINTED -> training(Method.ILORA, dtype, examples, true);
      case FROZEN -> pass(workload.model(Method.ZERO_SHOT, dtype), examples);
      case REFERENCE -> reference(examples);
      default -> throw new IllegalArgumentException("unknown variant '" + name + "'");
    };
  }

  private Runnable training(
      Method method, DType dtype, List<Example> examples, boolean checkpoint) {
    PromptModel model = workload.model(method, dtype);
    PromptWorkers workers = workers(model, examples, checkpoint);
    return training(model, () -> workers.accumulate(examples));
  }

  private Runnable reference(List<Example> examples) {
    PromptModel model = workload.model(Method.ILORA, DType.F32);
    ReferenceStyle style = new ReferenceStyle(model);
    return training(model, () -> style.loss(examples).backward());
  }

  private static PromptWorkers workers(
      PromptModel model, List<Example> examples, boolean checkpoint) {
    return new PromptWorkers(model, examples.size(), new PassPlan(examples.size(), checkpoint));
  }

  /** As the trainer: forward, backward, clipping, Adam. */
  private Runnable training(PromptModel model, Runnable gradients) {
    Map<String, Tensor> parameters = model.parameters();
    Adam adam = new Adam(List.of(new Adam.Group("all", parameters)), Adam.Options.adamW());
    optimisers.add(adam);
    return () -> {
      try (var _ = Scope.open()) {
        adam.zeroGrad();
        gradients.run();
        GradientClipping.clip(parameters.values(), 1);
        adam.step(LEARNING_RATE);
      }
    };
  }

  private static Runnable pass(PromptModel model, List<Example> examples) {
    PromptWorkers workers = workers(model, examples, false);
    return () -> {
      try (var _ = Scope.open()) {
        workers.accumulate(examples);
        model.parameters().values().forEach(Tensor::clearGrad);
      }
    };
  }

  @Override
  public void close() {
    optimisers.forEach(Adam::close);
  }
}
