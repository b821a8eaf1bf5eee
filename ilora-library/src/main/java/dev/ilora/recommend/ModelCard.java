package dev.ilora.recommend;

import dev.ilora.llm.WeightForm;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a model is and where it comes from.
 *
 * @param name what its recipe is called, such as {@code iLoRA}
 * @param method the method's key in recipes, such as {@code ilora}
 * @param seed of the run that trained it
 * @param limits how much it reads
 * @param data what it was trained on
 * @param base the language model it adapts; empty for recommenders without one
 * @param metrics of its evaluation, by their keys; empty where it was not evaluated
 * @param version of ilora that wrote it
 */
public record ModelCard(
    String name,
    String method,
    long seed,
    Limits limits,
    Data data,
    Optional<Base> base,
    Map<String, Double> metrics,
    String version) {
  /** Copies the metrics, in the order of their keys. */
  public ModelCard {
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
  }

  /**
   * How much a model reads.
   *
   * @param history latest history items that count
   * @param candidates most items a language model is given at a time, as in its training; a
   *     shortlist is made of more. 0 where all items are ranked at once
   */
  public record Limits(int history, int candidates) {}

  /**
   * A data set.
   *
   * @param name its name
   * @param sha256 content hash
   */
  public record Data(String name, String sha256) {}

  /**
   * A language model.
   *
   * @param name of its folder
   * @param sha256 content hash of the files that decide what it says
   * @param dtype type its weights are multiplied in: {@code fp32} or {@code bf16}
   * @param weights form its matrices were held in when it was trained; in that type where absent
   */
  public record Base(String name, String sha256, String dtype, Optional<WeightForm> weights) {}

  /** The same with other metrics. */
  ModelCard withMetrics(Map<String, Double> others) {
    return new ModelCard(name, method, seed, limits, data, base, others, version);
  }
}
