package dev.ilora.experiment;

import dev.ilora.Progress;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Part;
import dev.ilora.data.StoredCases;
import dev.ilora.evaluate.Evaluation;
import dev.ilora.evaluate.PromptCuts;
import dev.ilora.evaluate.PromptRanker;
import dev.ilora.evaluate.Protocol;
import dev.ilora.evaluate.ScoreRanker;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.llm.WeightForm;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.LiveRecord;
import dev.ilora.runs.RunFolder;
import dev.ilora.statistics.Metrics;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Asks the model of a run: its own test rows, by other protocols, or stored cases. */
final class RunEvaluation {
  private final Recipe recipe;
  private final Workspace workspace;
  private final RunFolder folder;
  private final LiveRecord record;
  private final CostMeter costs;
  private final RunModels models;
  private final Progress progress;

  RunEvaluation(
      Recipe recipe,
      Workspace workspace,
      RunFolder folder,
      LiveRecord record,
      CostMeter costs,
      Progress progress) {
    this.costs = costs;
    this.recipe = recipe;
    this.workspace = workspace;
    this.folder = folder;
    this.record = record;
    this.models = new RunModels(recipe, workspace, folder);
    this.progress = progress;
  }

  /** Metrics on the validation sample; keeps nothing. */
  Metrics validation() {
    return Metrics.of(results(workspace.data(recipe), Part.VALID, false));
  }

  /** Metrics of a language model on the validation sample, while it is trained. */
  Metrics validation(PromptModel model) {
    return Metrics.of(
        Evaluation.run(
            ranker(model, recipe.evaluation().protocol()),
            workspace.data(recipe).cases(Part.VALID),
            recipe.doing("validating"),
            Progress.NONE));
  }

  /**
   * Evaluates a set of cases into the run's folder. The outcomes come last: where they are, the
   * record tells of them.
   */
  void write(CaseSet set) {
    CandidateFile candidates = workspace.data(recipe, set).candidates(Part.TEST);
    List<Outcome> rows = results(workspace.data(recipe, set), Part.TEST, set == CaseSet.TEST);
    candidates.write(folder.candidatesFile(set));
    if (set == CaseSet.TEST) {
      record.change(
          now -> now.withCandidates(candidates.hash()).withMetrics(Metrics.of(rows).byKey()));
    }
    record.change(now -> now.finishedAt(workspace.context().clock().instant()));
    costs.flush();
    costs.piece(
        folder.outcomesFile(set),
        () -> folder.writeOutcomes(set, outcomes(protocol(), candidates, rows)));
  }

  private String protocol() {
    return recipe.method().asksLanguageModel() ? recipe.evaluation().protocol().key() : "scores";
  }

  private Outcomes outcomes(String protocol, CandidateFile candidates, List<Outcome> rows) {
    return new Outcomes(
        recipe.label(),
        recipe.seed(),
        protocol,
        candidates.hash(),
        rows.stream().map(Outcome::withoutScores).toList());
  }

  /** Evaluates the test sample by a protocol. */
  Outcomes by(Protocol.OfText protocol) {
    CandidateFile candidates = workspace.data(recipe).candidates(Part.TEST);
    try (OpenModel opened = models.open()) {
      keepBase();
      record.flush();
      List<Outcome> rows =
          Evaluation.run(
              ranker(opened.model(), protocol),
              workspace.data(recipe).cases(Part.TEST),
              "evaluating " + recipe.label() + " by " + protocol.key(),
              progress);
      return outcomes(protocol.key(), candidates, rows);
    }
  }

  /** Evaluates stored cases, a language model among their candidates only. */
  Map<String, List<Outcome>> stored(StoredCases stored, Protocol.OfText protocol) {
    stored.requireItems(workspace.data(recipe).dataset().titles());
    if (!recipe.method().asksLanguageModel()) {
      try (ItemScorer recommender = models.recommender()) {
        return Evaluation.stored(recommender, stored);
      }
    }
    try (OpenModel opened = models.open()) {
      return Evaluation.stored(
          ranker(opened.model(), protocol), stored, "evaluating " + recipe.label(), progress);
    }
  }

  /** Asks the test sample of the model in each form, one after another; keeps nothing. */
  List<FormOutcome> inForms(List<WeightForm> forms) {
    List<Case> cases = workspace.data(recipe).cases(Part.TEST);
    List<FormOutcome> outcomes = new ArrayList<>();
    List<double[]> first = null;
    for (WeightForm form : forms) {
      try (OpenModel opened = models.open(form)) {
        PromptModel model = opened.model();
        long before = System.nanoTime();
        List<double[]> scores =
            ranker(model, new Protocol.Likelihood())
                .scores(cases, done -> progress.update(doing(form), done, cases.size(), ""));
        double seconds = (System.nanoTime() - before) / 1e9;
        first = first == null ? scores : first;
        outcomes.add(FormOutcome.of(form, model.baseBytes(), seconds, cases, scores, first));
      }
    }
    return outcomes;
  }

  private String doing(WeightForm form) {
    return "asking %s in %s".formatted(recipe.label(), form.name().toLowerCase(Locale.ROOT));
  }

  /** Asks a model two batches of test rows and keeps nothing. */
  void rehearse(PromptModel model) {
    List<Case> rows = workspace.data(recipe).cases(Part.TEST);
    int count = Math.min(rows.size(), 2 * recipe.evaluation().batch());
    rehearse(recipe, workspace, model, rows.subList(0, count));
  }

  /** Asks a model some rows and keeps nothing. */
  static void rehearse(Recipe recipe, Workspace workspace, PromptModel model, List<Case> rows) {
    Evaluation.run(
        ranker(recipe, workspace, model, recipe.evaluation().protocol()),
        rows,
        recipe.doing("rehearsing"),
        Progress.NONE);
  }

  private PromptRanker ranker(PromptModel model, Protocol.OfText protocol) {
    return ranker(recipe, workspace, model, protocol);
  }

  private static PromptRanker ranker(
      Recipe recipe, Workspace workspace, PromptModel model, Protocol.OfText protocol) {
    return new PromptRanker(
        model, workspace.data(recipe).dataset().titles(), protocol, recipe.evaluation().batch());
  }

  private List<Outcome> results(StudyData data, Part part, boolean keep) {
    List<Case> cases = data.cases(part);
    if (recipe.method().asksLanguageModel()) {
      return ask(data, part, keep);
    }
    try (ItemScorer recommender = models.recommender()) {
      List<Outcome> results =
          Evaluation.run(
              new ScoreRanker(recommender), cases, recipe.doing("evaluating"), Progress.NONE);
      if (keep) {
        keepSamples(new Illustrations(data, cases, results), _ -> Optional.empty());
      }
      return results;
    }
  }

  private List<Outcome> ask(StudyData data, Part part, boolean keep) {
    List<Case> cases = data.cases(part);
    try (OpenModel opened = models.open()) {
      PromptModel model = opened.model();
      PromptRanker ranker = ranker(model, recipe.evaluation().protocol());
      List<Outcome> results = Evaluation.run(ranker, cases, recipe.doing("evaluating"), progress);
      PromptCuts.of(model, cases).ifPresent(cuts -> tellCuts(cuts, part));
      if (keep) {
        keepBase();
        var illustrations = new Illustrations(data, cases, results);
        keepSamples(
            illustrations, one -> Optional.of(model.encoder().text(model.prompt(one).tokens())));
        costs.piece(
            folder.expertsFile(),
            () -> folder.writeExpertWeights(illustrations.expertWeights(model)));
      }
      return results;
    }
  }

  private void keepSamples(Illustrations illustrations, Function<Case, Optional<String>> prompt) {
    costs.piece(
        folder.samplesFile(),
        () -> folder.writeSamples(illustrations.samples(recipe.evaluation().samples(), prompt)));
  }

  /** Prompts are never cut silently. */
  private void tellCuts(PromptCuts cuts, Part part) {
    String note = cuts.toString();
    progress.remark(note);
    if (part == Part.TEST) {
      record.change(now -> now.withNote(note));
    }
  }

  private void keepBase() {
    record.change(now -> now.withBaseModel(models.baseHash()));
  }
}
