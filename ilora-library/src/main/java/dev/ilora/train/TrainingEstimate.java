package dev.ilora.train;

import dev.ilora.hybrid.PromptModel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a training takes, in bytes at its peak by part, and in seconds.
 *
 * @param weights the language model's weights as they are held
 * @param trained adapters, gate and projectors, and their best values so far
 * @param optimiser its two moments
 * @param activations of the passes that are in memory at once, with their gradients
 * @param evaluation cache and activations while validation rows are asked; at another time than the
 *     passes
 * @param other the recommender, compiled products, libraries and Java
 * @param seconds of all steps
 */
public record TrainingEstimate(
    long weights,
    long trained,
    long optimiser,
    long activations,
    long evaluation,
    long other,
    double seconds) {

  /**
   * Of a model that is loaded and was measured.
   *
   * @param held bytes that loading and the first passes took and kept
   * @param evaluation bytes that asking validation rows takes
   * @param share mean length of prompts, as a share of those that were measured
   */
  public static TrainingEstimate of(
      PromptModel model,
      long held,
      StepEstimate step,
      TrainingSettings settings,
      long evaluation,
      double share) {
    long weights = model.baseBytes();
    long values =
        model.parameters().values().stream().mapToLong(p -> p.numel() * Float.BYTES).sum();
    long best = settings.validations() > 0 ? values : 0;
    int microBatch =
        Math.min(settings.passes().rows(), Math.ceilDiv(settings.batch(), step.threads()));
    return new TrainingEstimate(
        weights,
        values + best,
        2 * values,
        step.bytes(microBatch),
        evaluation,
        Math.max(0, held - weights - values),
        share * settings.steps() * step.seconds(settings.batch(), microBatch));
  }

  /** Bytes at the peak. */
  public long bytes() {
    return kept() + Math.max(activations, evaluation);
  }

  /** Bytes that stay from the beginning to the end. */
  public long kept() {
    return weights + trained + optimiser + other;
  }

  /** The parts by name, for people and programs. */
  public Map<String, Long> parts() {
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("weights", weights);
    parts.put("trained", trained);
    parts.put("optimiser", optimiser);
    parts.put("activations", activations);
    parts.put("evaluation", evaluation);
    parts.put("other", other);
    return parts;
  }
}
