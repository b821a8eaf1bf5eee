package dev.ilora.bench;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a bench found.
 *
 * @param bench which: train, score, generate, recommend, serve or import
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
  /** Every field is needed; only a goal may say by null that it was not measured. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /** Copies the values. */
  public BenchResult {
    Objects.requireNonNull(bench, "bench");
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(date, "date");
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(sizes, "sizes");
    Objects.requireNonNull(measurements, "measurements");
    Objects.requireNonNull(goals, "goals");
    machine = new LinkedHashMap<>(machine);
    sizes = new LinkedHashMap<>(sizes);
    measurements = List.copyOf(measurements);
    goals = List.copyOf(goals);
  }

  /**
   * Reads what a bench printed as JSON.
   *
   * @throws BadInputException if the file is absent or not such a result, naming what is missing
   */
  public static BenchResult read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(file, "no such file");
    }
    try {
      JsonNode json = JSON.readTree(file);
      for (var component : BenchResult.class.getRecordComponents()) {
        if (!json.has(component.getName())) {
          throw new BadInputException(
              file, "is not the result of a bench: it has no '" + component.getName() + "'");
        }
      }
      return JSON.treeToValue(json, BenchResult.class);
    } catch (JacksonException e) {
      throw new BadInputException(file, "is not the result of a bench: " + JsonReason.of(e));
    }
  }
}
