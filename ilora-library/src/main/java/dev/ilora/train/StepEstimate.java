package dev.ilora.train;

import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.machine.PeakMemory;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What training steps of a prompt model take, from passes of one and of two examples on each
 * thread: both grow by the same with each further example.
 *
 * @param threads passes that are in memory at once
 * @param one a pass of one example on each thread
 * @param two of two examples on each thread
 */
public record StepEstimate(int threads, Pass one, Pass two) {

  /**
   * A pass on each thread.
   *
   * @param bytes at its peak, gradients included
   * @param seconds it takes
   */
  public record Pass(long bytes, double seconds) {}

  /** Passes of a step that are in memory at once. */
  public static int threads(PromptModel model, int batch) {
    return new PromptWorkers(model, batch, PassPlan.USUAL).threads();
  }

  /**
   * Measures. The model's gradients are cleared; nothing of it changes.
   *
   * @param examples what is passed, such as the longest; taken again where they are too few
   * @param threads passes at once
   * @param microBatch the most examples of a pass; one of two is not measured where that is 1
   * @param checkpoint see {@link PromptModel#accumulate}
   * @return empty where the system does not tell how much memory a process takes
   */
  public static Optional<StepEstimate> measure(
      PromptModel model, List<Example> examples, int threads, int microBatch, boolean checkpoint) {
    Map<String, Tensor> buffers = new LinkedHashMap<>();
    model.tuning().gateBuffers().forEach((name, buffer) -> buffers.put(name, buffer.copy()));
    try {
      return measured(model, examples, threads, Math.min(2, microBatch), checkpoint);
    } finally {
      Torch.noGrad(
          () ->
              model
                  .tuning()
                  .gateBuffers()
                  .forEach((name, buffer) -> buffer.copyInPlace(buffers.get(name))));
      buffers.values().forEach(Tensor::close);
    }
  }

  private static Optional<StepEstimate> measured(
      PromptModel model, List<Example> examples, int threads, int most, boolean checkpoint) {
    // The first passes load and compile what all later ones use.
    for (int size = 1; size <= most; size++) {
      pass(model, examples, threads, size, checkpoint);
    }
    Optional<Pass> one = measuredPass(model, examples, threads, 1, checkpoint);
    Optional<Pass> two = most == 1 ? one : measuredPass(model, examples, threads, 2, checkpoint);
    return one.flatMap(least -> two.map(more -> new StepEstimate(threads, least, more)));
  }

  private static Optional<Pass> measuredPass(
      PromptModel model, List<Example> examples, int threads, int size, boolean checkpoint) {
    Optional<PeakMemory> memory = PeakMemory.begin();
    if (memory.isEmpty()) {
      return Optional.empty();
    }
    long before = System.nanoTime();
    pass(model, examples, threads, size, checkpoint);
    double seconds = (System.nanoTime() - before) / 1e9;
    return Optional.of(new Pass(memory.get().bytes(), seconds));
  }

  private static void pass(
      PromptModel model, List<Example> examples, int threads, int size, boolean checkpoint) {
    List<Example> taken = new ArrayList<>();
    for (int i = 0; i < threads * size; i++) {
      taken.add(examples.get(i % examples.size()));
    }
    new PromptWorkers(model, taken.size(), new PassPlan(size, checkpoint)).accumulate(taken);
    model.parameters().values().forEach(Tensor::clearGrad);
  }

  /** Bytes of activations and gradients at the peak of passes of so many examples. */
  public long bytes(int microBatch) {
    return one.bytes() + (microBatch - 1) * Math.max(0, two.bytes() - one.bytes());
  }

  /** Seconds of the passes of a step. */
  public double seconds(int batch, int microBatch) {
    double further = Math.max(0, two.seconds() - one.seconds());
    double seconds = 0;
    // What each thread gets of a batch, in passes.
    for (int left = Math.ceilDiv(batch, threads); left > 0; left -= microBatch) {
      seconds += one.seconds() + (Math.min(left, microBatch) - 1) * further;
    }
    return seconds;
  }

  /** The largest micro-batch up to one that takes at most so many bytes; 0 where none does. */
  public int largestMicroBatch(int most, long bytes) {
    int size = most;
    while (size > 0 && bytes(size) > bytes) {
      size--;
    }
    return size;
  }
}
