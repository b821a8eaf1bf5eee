package dev.ilora.runs;

import dev.ilora.BadInputException;
import dev.ilora.statistics.Outcomes;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One run with all it left behind, read once: what tables, explanations and reports are made from.
 *
 * @param folder where it is
 * @param record what is recorded of it
 * @param outcomes its evaluated cases; those not evaluated yet are missing
 * @param curve its training curve, empty where nothing was trained step by step
 * @param experts the gate's weights for each test case, empty where the method has no gate
 * @param facts what is known of its test cases, where a study kept it
 * @param samples example prompts, empty where none were kept
 */
public record Run(
    RunFolder folder,
    RunRecord record,
    Map<CaseSet, Outcomes> outcomes,
    List<TrainingPoint> curve,
    List<ExpertWeights> experts,
    Optional<CaseFacts> facts,
    List<Sample> samples) {

  /** Copies the collections. */
  public Run {
    Map<CaseSet, Outcomes> ordered = new EnumMap<>(CaseSet.class);
    ordered.putAll(outcomes);
    outcomes = Collections.unmodifiableMap(ordered);
    curve = List.copyOf(curve);
    experts = List.copyOf(experts);
    samples = List.copyOf(samples);
  }

  /**
   * Reads a run.
   *
   * @throws BadInputException if a file cannot be read, or its outcomes or facts are another run's,
   *     by name, seed or candidates
   */
  public static Run read(RunFolder folder) {
    RunRecord record = folder.record();
    Map<CaseSet, Outcomes> outcomes = new EnumMap<>(CaseSet.class);
    for (CaseSet set : CaseSet.values()) {
      if (folder.hasOutcomes(set)) {
        outcomes.put(set, outcomes(folder, set, record));
      }
    }
    Optional<CaseFacts> facts = folder.caseFacts();
    facts.ifPresent(found -> requireCandidates(folder.factsFile(), record, found.about()));
    return new Run(
        folder,
        record,
        outcomes,
        folder.curve().read(),
        folder.expertWeights(),
        facts,
        folder.samples());
  }

  private static Outcomes outcomes(RunFolder folder, CaseSet set, RunRecord record) {
    Outcomes outcomes = folder.outcomes(set);
    Path file = folder.outcomesFile(set);
    requireSame(file, "method", record.identity().name(), outcomes.method());
    requireSame(file, "seed", record.identity().seed(), outcomes.seed());
    if (set == CaseSet.TEST) {
      requireCandidates(file, record, outcomes.candidatesHash());
    }
    return outcomes;
  }

  private static void requireCandidates(Path file, RunRecord record, CaseFacts.About facts) {
    requireCandidates(file, record, facts.candidatesHash());
  }

  private static void requireCandidates(Path file, RunRecord record, String hash) {
    record
        .inputs()
        .candidatesHash()
        .ifPresent(recorded -> requireSame(file, "candidates hash", recorded, hash));
  }

  private static void requireSame(Path file, String what, Object recorded, Object found) {
    if (!Objects.equals(recorded, found)) {
      throw new BadInputException(
          file, "%s is %s, but %s in %s".formatted(what, found, recorded, RunFolder.RECORD));
    }
  }

  /** Its name in tables. */
  public String method() {
    return record.identity().name();
  }

  /** Name and seed, enough to tell the runs of one table apart. */
  public String title() {
    return method() + ", seed " + record.identity().seed();
  }

  /** Whether it was evaluated on these cases. */
  public boolean evaluatedOn(CaseSet set) {
    return outcomes.containsKey(set);
  }

  /**
   * Its outcomes on these cases.
   *
   * @throws IllegalArgumentException if it was not evaluated on them
   */
  public Outcomes on(CaseSet set) {
    Outcomes found = outcomes.get(set);
    if (found == null) {
      throw new IllegalArgumentException(title() + " was not evaluated on the cases " + set);
    }
    return found;
  }
}
