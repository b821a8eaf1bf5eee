package dev.ilora.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a bench found.
 *
 * @param bench which: train, score, generate, recommend or import
 * @param command the command line that repeats it
 * @param date day of the measurement, ISO
 * @param machine what it ran on: processor, cores, threads, versions
 * @param sizes of the model and the data
 * @param measurements the variants, in the order they ran
 * @param goals what is promised at the sizes of docs/performance.md
 */
public record BenchResult(
    String bench,
    String command,
    String date,
    Map<String, String> machine,
    Map<String, Object> sizes,
    List<Measurement> measurements,
    List<Goal> goals) {
  /** Copies the values. */
  public BenchResult {
    machine = new LinkedHashMap<>(machine);
    sizes = new LinkedHashMap<>(sizes);
    measurements = List.copyOf(measurements);
    goals = List.copyOf(goals);
  }
}
