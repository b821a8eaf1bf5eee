package dev.ilora.report;

import dev.ilora.results.EvaluatedRun;
import dev.ilora.results.ExpertWeights;
import dev.ilora.results.Manifest;
import dev.ilora.results.RowFacts;
import dev.ilora.results.RowSet;
import dev.ilora.results.RunFolder;
import dev.ilora.results.RunResult;
import dev.ilora.results.Sample;
import dev.ilora.results.TrainingPoint;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything a report shows of one run, read once. */
record ReportRun(
    RunFolder folder,
    Manifest manifest,
    Map<RowSet, RunResult> results,
    List<TrainingPoint> curve,
    List<ExpertWeights> experts,
    Optional<RowFacts> facts,
    List<Sample> samples) {
  static ReportRun read(RunFolder folder) {
    return new ReportRun(
        folder,
        folder.manifest(),
        results(folder),
        folder.curve().read(),
        folder.expertWeights(),
        folder.rowFacts(),
        folder.samples());
  }

  private static Map<RowSet, RunResult> results(RunFolder folder) {
    Map<RowSet, RunResult> results = new EnumMap<>(RowSet.class);
    for (RowSet set : RowSet.values()) {
      if (folder.hasPredictions(set)) {
        results.put(set, folder.result(set));
      }
    }
    return results;
  }

  /** The run with its evaluated test rows, which must be there. */
  EvaluatedRun evaluated() {
    return new EvaluatedRun(manifest, results.get(RowSet.TEST).predictions(), experts);
  }

  String method() {
    return manifest.method();
  }

  /** Method and seed, enough to tell runs of one table apart. */
  String name() {
    return manifest.method() + ", seed " + manifest.seed();
  }
}
