package dev.ilora.recommend;

import dev.ilora.config.ConfigException;
import dev.ilora.llm.Llama;
import dev.ilora.machine.AvailableMemory;
import dev.ilora.machine.PeakMemory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What it takes to load a model and ask it, in bytes at the peak by part, and in seconds.
 *
 * @param weights of the language model as they are held; 0 where there is none
 * @param other the rest that stays: recommender, catalogue, compiled products, libraries and Java
 * @param request cache and activations of a request
 * @param seconds that a request takes, once others were answered
 * @param available bytes that were free before
 */
public record RequestEstimate(
    long weights, long other, long request, double seconds, long available) {

  /**
   * Loads a model, asks it twice and frees it.
   *
   * @param ask asks what is to be estimated
   * @throws ConfigException if the weights alone do not fit into the memory that is free, or the
   *     system does not tell how much memory a process takes
   */
  public static RequestEstimate measure(
      Path folder, LoadOptions options, Consumer<Recommender> ask) {
    long available = AvailableMemory.bytes().orElseThrow(PeakMemory::unknown);
    long weights = weights(folder, options);
    if (weights > available) {
      throw new ConfigException(
          String.format(
              Locale.ROOT,
              "the language model of %s takes %.1f GiB, and %.1f GiB are available: train on a"
                  + " smaller one, or with llm.weights=q4_0",
              folder,
              weights / (double) (1L << 30),
              available / (double) (1L << 30)));
    }
    PeakMemory begun = PeakMemory.begin().orElseThrow(PeakMemory::unknown);
    try (Recommender model = Recommender.load(folder, options)) {
      ask.accept(model);
      long held = begun.held();
      long before = System.nanoTime();
      OptionalLong peak = PeakMemory.of(() -> ask.accept(model));
      double seconds = (System.nanoTime() - before) / 1e9;
      return new RequestEstimate(
          weights,
          Math.max(0, held - weights),
          peak.orElseThrow(PeakMemory::unknown),
          seconds,
          available);
    }
  }

  private static long weights(Path folder, LoadOptions options) {
    Optional<Path> base = ModelFolder.base(folder, options);
    if (base.isEmpty()) {
      return 0;
    }
    ModelCard.Base card = ModelFolder.card(folder).base().orElseThrow();
    return Llama.weightBytes(
        base.get(), ModelFolder.dtype(folder, card.dtype()), options.weights().or(card::weights));
  }

  /** The parts by name, for people and programs. */
  public Map<String, Long> parts() {
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("weights", weights);
    parts.put("other", other);
    parts.put("request", request);
    return parts;
  }

  /** Bytes at the peak. */
  public long bytes() {
    return weights + other + request;
  }
}
