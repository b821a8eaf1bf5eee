package dev.ilora.cli;

import dev.ilora.config.ConfigException;
import dev.ilora.experiment.DryRun;
import dev.ilora.recommend.RequestEstimate;
import dev.ilora.train.TrainingEstimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What work will take, for people and as JSON. */
final class EstimateText {
  private static final double MIB = 1024.0 * 1024;

  private EstimateText() {}

  /**
   * Prints the estimate of a training.
   *
   * @throws ConfigException if it does not fit into the memory that is free, with advice
   */
  static void print(DryRun run, Terminal terminal) {
    TrainingEstimate estimate = run.estimate();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("longestPrompt", run.longest());
    json.put("microBatch", run.passes().rows());
    json.put("checkpointActivations", run.passes().checkpoint());
    json.put("seconds", estimate.seconds());
    json.put("advice", run.advice());
    print(
        estimate.parts(),
        estimate.bytes(),
        run.available(),
        "The longest prompts have %s tokens. Training takes about %s, validations not counted."
            .formatted(run.longest(), ProgressLines.time((long) (1000 * estimate.seconds()))),
        json,
        terminal);
    requireFit(estimate.bytes(), run.available(), run.advice());
  }

  /**
   * Prints the estimate of a request.
   *
   * @throws ConfigException if it does not fit into the memory that is free
   */
  static void print(RequestEstimate estimate, Terminal terminal) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seconds", estimate.seconds());
    print(
        estimate.parts(),
        estimate.bytes(),
        estimate.available(),
        String.format(Locale.ROOT, "A request takes %.2f s.", estimate.seconds()),
        json,
        terminal);
    requireFit(estimate.bytes(), estimate.available(), List.of());
  }

  private static void print(
      Map<String, Long> parts,
      long peak,
      long available,
      String sentence,
      Map<String, Object> more,
      Terminal terminal) {
    parts.forEach((name, bytes) -> terminal.line(line(name, bytes)));
    terminal.line(line("peak", peak));
    terminal.line(line("available", available));
    terminal.line(sentence);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("parts", parts);
    json.put("peakBytes", peak);
    json.put("availableBytes", available);
    json.put("fits", peak <= available);
    json.putAll(more);
    terminal.json(json);
  }

  private static void requireFit(long peak, long available, List<String> advice) {
    if (peak > available) {
      throw new ConfigException(
          String.format(
              Locale.ROOT,
              "does not fit: %.0f MiB at the peak, %.0f MiB available. Try %s",
              peak / MIB,
              available / MIB,
              advice.isEmpty() ? "a smaller model" : String.join(", ", advice)));
    }
  }

  /** A part and its bytes. */
  static String line(String name, long bytes) {
    return String.format(Locale.ROOT, "%-16s %9.1f MiB", name, bytes / MIB);
  }
}
