package dev.ilora.experiment;

import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.train.AdaptationTask;
import dev.ilora.train.StepEstimate;
import dev.ilora.train.TrainingSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The longest examples of a training's first steps, which passes are measured with.
 *
 * @param threads that have a pass each
 * @param examples enough for two on each thread where there are so many, the longest first
 * @param tokens of the longest prompt
 * @param share mean length of all prompts, of these
 */
record LongestExamples(int threads, List<Example> examples, int tokens, double share) {
  /** Steps whose examples are looked at. */
  private static final int SAMPLED_STEPS = 16;

  /** Examples for each thread. */
  private static final int EACH = 2;

  /** Of a training that has not begun. */
  static LongestExamples of(PromptModel model, AdaptationTask task, TrainingSettings settings) {
    List<Example> all = new ArrayList<>();
    for (int step = 0; step < Math.min(SAMPLED_STEPS, settings.steps()); step++) {
      all.addAll(task.examples(step));
    }
    int threads = StepEstimate.threads(model, settings.batch());
    ToIntFunction<Example> length = example -> model.promptLength(example.asked());
    List<Example> longest = of(all, length, EACH * threads);
    return new LongestExamples(
        threads,
        longest,
        length.applyAsInt(longest.getFirst()),
        mean(all, length) / mean(longest, length));
  }

  /** The longest of some things, the longest first. */
  static <T> List<T> of(List<T> all, ToIntFunction<T> length, int count) {
    return all.stream().sorted(Comparator.comparingInt(length).reversed()).limit(count).toList();
  }

  private static <T> double mean(List<T> all, ToIntFunction<T> length) {
    return all.stream().mapToInt(length).average().orElseThrow();
  }
}
