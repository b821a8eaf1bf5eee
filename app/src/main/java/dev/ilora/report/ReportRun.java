package dev.ilora.report;

import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.EvaluatedRun;
import dev.ilora.runs.ExpertWeights;
import dev.ilora.runs.Manifest;
import dev.ilora.runs.RunFolder;
import dev.ilora.runs.RunResult;
import dev.ilora.runs.Sample;
import dev.ilora.runs.TrainingPoint;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything a report shows of one run, read once. */
record ReportRun(
    RunFolder folder,
    Manifest manifest,
    Map<CaseSet, RunResult> results,
    List<TrainingPoint> curve,
    List<ExpertWeights> experts,
    Optional<CaseFacts> facts,
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

  private static Map<CaseSet, RunResult> results(RunFolder folder) {
    Map<CaseSet, RunResult> results = new EnumMap<>(CaseSet.class);
    for (CaseSet set : CaseSet.values()) {
      if (folder.hasPredictions(set)) {
        results.put(set, folder.result(set));
      }
    }
    return results;
  }

  /** The run with its evaluated test rows, which must be there. */
  EvaluatedRun evaluated() {
    return new EvaluatedRun(manifest, results.get(CaseSet.TEST).predictions(), experts);
  }

  String method() {
    return manifest.method();
  }

  /** Method and seed, enough to tell runs of one table apart. */
  String name() {
    return manifest.method() + ", seed " + manifest.seed();
  }
}
