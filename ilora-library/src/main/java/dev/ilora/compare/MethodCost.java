package dev.ilora.compare;

import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Cost;
import dev.ilora.runs.Phase;
import dev.ilora.runs.Run;
import dev.ilora.runs.RunRecord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a method took, the mean over its seeds where nothing else is said. What several runs share,
 * the base model and the recommender that guides, is not counted with any of them.
 *
 * @param method name of the method
 * @param seeds number of runs that differ in their seed
 * @param parameters how many numbers training changed, where all runs say the same
 * @param threads compute threads it was trained on, or evaluated where it is not trained, where all
 *     runs say the same
 * @param trainSeconds duration of training; 0 where nothing is trained
 * @param evaluateSeconds duration of the evaluation, with loading the model and keeping examples
 * @param caseMilliseconds duration of the evaluation by case
 * @param peakBytes the most memory training or evaluation took over what the process held before,
 *     the largest over the seeds; of runs at the same time that of their first steps, tried alone;
 *     empty where it was not measured
 */
public record MethodCost(
    String method,
    int seeds,
    OptionalLong parameters,
    OptionalInt threads,
    double trainSeconds,
    double evaluateSeconds,
    double caseMilliseconds,
    OptionalLong peakBytes) {

  private static final List<Phase> MEASURED = List.of(Phase.TRAIN, Phase.EVALUATE, Phase.REHEARSE);

  /**
   * Sums up the runs of one method.
   *
   * @param runs at least one, evaluated on the test cases
   */
  public static MethodCost of(List<Run> runs) {
    List<RunRecord> records = runs.stream().map(Run::record).toList();
    double evaluate = seconds(records, Phase.EVALUATE);
    return new MethodCost(
        runs.getFirst().method(),
        runs.size(),
        parameters(records),
        threads(records),
        seconds(records, Phase.TRAIN),
        evaluate,
        1000 * evaluate / runs.getFirst().on(CaseSet.TEST).rows().size(),
        peak(records));
  }

  private static double seconds(List<RunRecord> records, Phase phase) {
    return records.stream()
        .mapToDouble(record -> cost(record, phase).map(Cost::seconds).orElse(0.0))
        .average()
        .orElseThrow();
  }

  private static Optional<Cost> cost(RunRecord record, Phase phase) {
    return Optional.ofNullable(record.costs().get(phase));
  }

  private static OptionalLong parameters(List<RunRecord> records) {
    List<OptionalLong> said =
        records.stream().map(record -> record.result().trainedParameters()).distinct().toList();
    return said.size() == 1 ? said.getFirst() : OptionalLong.empty();
  }

  private static OptionalInt threads(List<RunRecord> records) {
    List<OptionalInt> said = records.stream().map(MethodCost::threads).distinct().toList();
    return said.size() == 1 ? said.getFirst() : OptionalInt.empty();
  }

  private static OptionalInt threads(RunRecord record) {
    return Stream.of(Phase.TRAIN, Phase.EVALUATE)
        .flatMap(phase -> cost(record, phase).stream())
        .map(Cost::threads)
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  private static OptionalLong peak(List<RunRecord> records) {
    return records.stream()
        .flatMap(record -> MEASURED.stream().flatMap(phase -> cost(record, phase).stream()))
        .map(Cost::peakBytes)
        .filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .max();
  }
}
