package dev.ilora.runs;

import dev.ilora.statistics.Outcomes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs that never happened. */
public final class MadeUpRun {
  /** When they all began. */
  public static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  /** The data set they are all on. */
  public static final DataSource DATA = new DataSource("demo", "sha256:dd", 40, 300, "time");

  private MadeUpRun() {}

  /** The record of a run that begins; names that are no method's are variants of iLoRA. */
  public static RunRecord record(String name, long seed) {
    Method method =
        Arrays.stream(Method.values())
            .filter(known -> known.label().equals(name))
            .findFirst()
            .orElse(Method.ILORA);
    return record(name, method, seed);
  }

  /** The record of a run of a variant that begins. */
  public static RunRecord record(String name, Method method, long seed) {
    return RunRecord.begin(
        new RunRecord.Identity(name, method, seed, NOON, Environment.current(1, "cpu")), DATA);
  }

  /** A run evaluated on the test cases. */
  public static Run of(RunRecord record, Outcomes outcomes) {
    return of(record, CaseSet.TEST, outcomes, List.of(), Optional.empty());
  }

  /** A run evaluated on a set of cases. */
  public static Run of(
      RunRecord record,
      CaseSet set,
      Outcomes outcomes,
      List<ExpertWeights> experts,
      Optional<CaseFacts> facts) {
    return new Run(
        new RunFolder(Path.of("nowhere")),
        record,
        Map.of(set, outcomes),
        List.of(),
        experts,
        facts,
        List.of());
  }
}
