package dev.ilora.runs;

import dev.ilora.BadInputException;
import dev.ilora.statistics.Outcomes;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
   * @throws BadInputException if a file cannot be read or is another run's
   */
  public static Run read(RunFolder folder) {
    RunRecord record = folder.record();
    Map<CaseSet, Outcomes> outcomes = new EnumMap<>(CaseSet.class);
    for (CaseSet set : CaseSet.values()) {
      if (folder.hasOutcomes(set)) {
        outcomes.put(set, folder.outcomes(set));
      }
    }
    return new Run(
        folder,
        record,
        outcomes,
        folder.points(),
        folder.expertWeights(),
        folder.caseFacts(),
        folder.samples());
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
