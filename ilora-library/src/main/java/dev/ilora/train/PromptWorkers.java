package dev.ilora.train;

import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.nn.SharedWeights;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Torch;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Forward and backward passes of a prompt model over the examples of a step. On a processor its
 * cores share the examples, each with single-threaded operations and gradients of its own: between
 * the operations of one pass several threads would wait for each other. Where that cannot be, one
 * pass after the other runs on all threads.
 *
 * <p>The same number of threads gives the same gradients; another number rounds otherwise.
 */
public final class PromptWorkers {
  private final PromptModel model;
  private final int threads;
  private final PassPlan passes;

  /**
   * @param batch examples of a step
   * @param passes how they are passed; as many passes are in memory as there are threads
   */
  public PromptWorkers(PromptModel model, int batch, PassPlan passes) {
    this.model = model;
    boolean shared =
        model.device().equals(Device.CPU) && model.sharable() && batch >= Torch.threads();
    this.threads = shared ? Torch.threads() : 1;
    this.passes = passes;
  }

  /** Passes that are in memory at once. */
  int threads() {
    return threads;
  }

  /** Adds the gradients of the mean loss of the answers' tokens to the model's. */
  public Task.StepLoss accumulate(List<Example> examples) {
    long answerTokens = model.answerTokens(examples);
    LongAdder tokens = new LongAdder();
    double loss =
        SharedWeights.accumulate(
            threads,
            model,
            PromptModel::shadow,
            PromptModel::parameters,
            byLength(examples),
            (own, share) -> accumulate(own, share, answerTokens, tokens));
    return new Task.StepLoss(loss, tokens.sum());
  }

  /** Prompts of like length together. */
  private List<Example> byLength(List<Example> examples) {
    var lengths = new IdentityHashMap<Example, Integer>();
    examples.forEach(example -> lengths.put(example, model.promptLength(example.asked())));
    return examples.stream().sorted(Comparator.comparing(lengths::get)).toList();
  }

  private double accumulate(
      PromptModel own, List<Example> examples, long answerTokens, LongAdder tokens) {
    double loss = 0;
    for (int from = 0; from < examples.size(); from += passes.rows()) {
      List<Example> pass = examples.subList(from, Math.min(examples.size(), from + passes.rows()));
      try (var _ = Scope.open()) {
        var part = own.accumulate(pass, answerTokens, passes.checkpoint());
        loss += part.loss();
        tokens.add(part.tokens());
      }
    }
    return loss;
  }
}
