package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.Progress;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Part;
import dev.ilora.data.StoredCases;
import dev.ilora.evaluate.Evaluation;
import dev.ilora.evaluate.PromptCuts;
import dev.ilora.evaluate.PromptRanker;
import dev.ilora.evaluate.Protocol;
import dev.ilora.evaluate.ScoreRanker;
import dev.ilora.files.Hashes;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.machine.PeakMemory;
import dev.ilora.recommend.LoadOptions;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.Popularity;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Cost;
import dev.ilora.runs.LiveRecord;
import dev.ilora.runs.Method;
import dev.ilora.runs.Phase;
import dev.ilora.runs.RecipeDifference;
import dev.ilora.runs.RunFolder;
import dev.ilora.statistics.Metrics;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.train.AdaptationTask;
import dev.ilora.train.Checkpoints;
import dev.ilora.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One run: a recipe and a folder. Training and evaluation each do nothing where they are finished,
 * and go on where they were interrupted.
 */
public final class Experiment {
  private static final int REHEARSED_STEPS = 3;

  private final Recipe recipe;
  private final Workspace workspace;
  private final RunFolder folder;
  private final LiveRecord record;
  private Progress progress;
  private boolean alone = true;

  private Experiment(Recipe recipe, Workspace workspace, RunFolder folder) {
    this.recipe = recipe;
    this.workspace = workspace;
    this.folder = folder;
    this.record = LiveRecord.of(folder);
    this.progress = workspace.progress();
  }

  /**
   * Begins a run in its folder of the workspace, or takes up the one there. A try that came to
   * nothing, for a setting it had wrong, leaves nothing that a corrected one must respect.
   *
   * @throws BadInputException if the folder cannot be written or holds a run of another recipe, on
   *     other data, with another prompt template or language model
   * @throws dev.ilora.config.ConfigException if the recipe's device is absent
   */
  public static Experiment begin(Recipe asked, Workspace workspace) {
    Recipe recipe = asked.run(asked.seed());
    Workspace.device(recipe);
    RunOrigin origin = RunOrigin.of(recipe, workspace);
    RunFolder folder = RunFolder.create(workspace.runFolder(recipe));
    boolean known = Files.exists(folder.recipeFile()) && Files.exists(folder.recordFile());
    var difference =
        known
            ? origin.difference(folder).or(() -> RunOrigin.otherBase(folder, recipe, workspace))
            : Optional.<BadInputException>empty();
    if (difference.isPresent() && folder.holdsWork()) {
      throw difference.get();
    }
    if (!known || difference.isPresent()) {
      origin.write(folder);
    }
    return new Experiment(recipe, workspace, folder);
  }

  /**
   * Takes up the run in a folder, with the recipe kept there.
   *
   * @throws BadInputException if there is none, or the data or prompt template it was made with
   *     changed
   */
  public static Experiment open(Path run, Workspace workspace) {
    RunFolder folder = RunFolder.open(run);
    Recipe recipe = Config.bind(Recipe.class, folder.recipeFile(), List.of());
    RecipeDifference.refuse(RunOrigin.of(recipe, workspace).difference(folder));
    return new Experiment(recipe, workspace, folder);
  }

  /** Tells another listener of this run's progress. */
  public void tell(Progress listener) {
    progress = listener;
  }

  /**
   * Says that others run in this process at the same time: memory is then nobody's in particular.
   */
  public void amongOthers() {
    alone = false;
  }

  /** The run's folder. */
  public RunFolder folder() {
    return folder;
  }

  /** The run's recipe. */
  public Recipe recipe() {
    return recipe;
  }

  /** The folder of the trained model, as {@link dev.ilora.recommend.ModelFolder} describes it. */
  public Path modelFolder() {
    return folder.path().resolve("model");
  }

  /**
   * How to load the model folder of a run, from the recipe kept there; neither the run's data nor
   * its workspace is looked at.
   */
  public static LoadOptions loadOptions(Path run) {
    Recipe recipe = Config.bind(Recipe.class, RunFolder.open(run).recipeFile(), List.of());
    return TrainedModel.options(recipe);
  }

  /** The number of threads the run was begun with; its results depend on it. */
  OptionalInt threads() {
    String threads = record.now().identity().environment().values().get("threads");
    return threads == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(threads));
  }

  private TrainedModel trained() {
    return new TrainedModel(recipe, workspace, modelFolder());
  }

  private String phase(String what) {
    return what + " " + recipe.label() + " (seed " + recipe.seed() + ")";
  }

  /**
   * Makes what this run shares with others and is not there yet: candidates, recommender. Done
   * first, so that runs prepared one after another may then train at the same time; nothing where
   * the run is finished.
   */
  public void prepare() {
    if (recipe.rows().sets().stream().allMatch(folder::hasOutcomes)) {
      return;
    }
    recipe.rows().sets().forEach(set -> workspace.data(recipe, set).candidates(Part.TEST));
    workspace.data(recipe).candidates(Part.VALID);
    switch (recipe.method()) {
      case POPULARITY -> {
        record.change(now -> now.withTrainedParameters(0));
        record.flush();
      }
      case GRU4REC, CASER, SASREC -> measured(Phase.TRAIN, this::trainNetwork);
      case ZERO_SHOT, TALLREC, LLARA, ILORA -> timed(Phase.SHARED, this::makeModels);
    }
  }

  /** Trains what the method trains and writes the model folder; does nothing where that is done. */
  public void train() {
    if (trained().exists()) {
      return;
    }
    if (recipe.method().adapts()) {
      measured(Phase.TRAIN, this::adapt);
    } else if (recipe.method().asksLanguageModel()) {
      try (OpenModel frozen = FreshModel.create(recipe, workspace)) {
        save(frozen);
      }
    } else {
      try (ItemScorer scorer = recommender()) {
        trained().save(scorer, folder.recipe());
      }
    }
  }

  private void save(OpenModel model) {
    trained().save(model, baseHash(), folder.recipe());
    keepBase();
    record.flush();
  }

  private void keepBase() {
    record.change(now -> now.withBaseModel(baseHash()));
  }

  private String baseHash() {
    return workspace.baseHash(BaseModels.folder(recipe.llm().path()));
  }

  private void makeModels() {
    try (OpenModel models = FreshModel.create(recipe, workspace)) {
      keepTrainedParameters(models.model().parameters().values());
    }
  }

  private void trainNetwork() {
    try (SequenceRecommender trained = workspace.recommenders(recipe).of(network())) {
      keepTrainedParameters(trained.weights().values());
    }
  }

  private void keepTrainedParameters(Collection<Tensor> trained) {
    long count = trained.stream().mapToLong(Tensor::numel).sum();
    record.change(now -> now.withTrainedParameters(count));
  }

  private Architecture.Model network() {
    return switch (recipe.method()) {
      case GRU4REC -> Architecture.Model.GRU4REC;
      case CASER -> Architecture.Model.CASER;
      case SASREC -> Architecture.Model.SASREC;
      case POPULARITY, ZERO_SHOT, TALLREC, LLARA, ILORA ->
          throw new IllegalStateException(recipe.method() + " is not a network");
    };
  }

  /** Does the work of a phase and records its time and, where this run is alone, its memory. */
  private void measured(Phase phase, Runnable work) {
    recorded(phase, alone ? PeakMemory.begin() : Optional.empty(), work);
  }

  private void timed(Phase phase, Runnable work) {
    recorded(phase, Optional.empty(), work);
  }

  /**
   * Records what a phase took, even where it was interrupted or failed: one that is taken up again
   * has cost both.
   */
  private void recorded(Phase phase, Optional<PeakMemory> memory, Runnable work) {
    Instant before = workspace.clock().instant();
    try {
      work.run();
    } finally {
      spend(phase, before, memory);
      record.flush();
    }
  }

  private void spend(Phase phase, Instant before, Optional<PeakMemory> memory) {
    Cost cost =
        new Cost(
            workspace.secondsSince(before),
            OptionalInt.of(Torch.threads()),
            memory.map(from -> OptionalLong.of(from.bytes())).orElse(OptionalLong.empty()));
    record.change(now -> now.plus(phase, cost));
  }

  private void adapt() {
    try (OpenModel models = FreshModel.create(recipe, workspace)) {
      String fingerprint =
          Hashes.key(
              folder.recipe(),
              folder.template(),
              workspace.data(recipe).hash(),
              baseHash(),
              models.model().guide().isEmpty() ? "" : workspace.recommenders(recipe).guideHash());
      new Trainer(
              recipe.training().trainer(),
              recipe.seed(),
              Optional.of(new Checkpoints(folder.checkpoints(), fingerprint)),
              Trainer.logTo(folder.curve()),
              workspace.context().withProgress(progress))
          .run(task(models));
      save(models);
    }
  }

  private AdaptationTask task(OpenModel models) {
    try {
      return new AdaptationTask(
          phase("training"),
          models.model(),
          workspace.data(recipe).cases(Part.TRAIN),
          workspace.data(recipe).seenInTraining(),
          recipe.training(),
          recipe.rows().candidates(),
          recipe.seed());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("%s: %s".formatted(recipe.label(), e.getMessage()));
    }
  }

  /**
   * Measures the memory of the first training steps and of a few test rows on the threads set now,
   * and forgets what came of them: for a run that is about to share the process with others. Does
   * nothing where the run is finished or was measured.
   */
  public void rehearse() {
    boolean measured = record.now().costs().containsKey(Phase.REHEARSE);
    if (folder.hasOutcomes(CaseSet.TEST) || measured) {
      return;
    }
    Optional<PeakMemory> memory = PeakMemory.begin();
    if (memory.isPresent()) {
      Instant before = workspace.clock().instant();
      rehearseSteps();
      spend(Phase.REHEARSE, before, memory);
      record.flush();
    }
  }

  private void rehearseSteps() {
    List<Case> rows = workspace.data(recipe).cases(Part.TEST);
    int count = Math.min(rows.size(), 2 * recipe.evaluation().batch());
    try (OpenModel models = FreshModel.create(recipe, workspace)) {
      if (recipe.method().adapts()) {
        new Trainer(
                recipe
                    .training()
                    .trainer()
                    .withSteps(Math.min(REHEARSED_STEPS, recipe.training().steps())),
                recipe.seed(),
                Optional.empty(),
                _ -> {},
                workspace.context().withProgress(Progress.NONE))
            .run(task(models));
      }
      Evaluation.run(
          ranker(models.model(), recipe.evaluation().protocol()),
          rows.subList(0, count),
          phase("rehearsing"),
          Progress.NONE);
    }
  }

  private PromptRanker ranker(PromptModel model, Protocol.OfText protocol) {
    return new PromptRanker(
        model, workspace.data(recipe).dataset().titles(), protocol, recipe.evaluation().batch());
  }

  /** Metrics on the validation sample, without keeping anything. */
  public Metrics validate() {
    return Metrics.of(results(workspace.data(recipe), Part.VALID, false));
  }

  /**
   * Evaluates the test sample into outcomes.jsonl, and the papers' rows beside it where the recipe
   * asks for them; does nothing where that is done.
   *
   * @return metrics on the test sample
   */
  public Metrics evaluate() {
    for (CaseSet set : recipe.rows().sets()) {
      if (!folder.hasOutcomes(set)) {
        switch (set) {
          case TEST -> measured(Phase.EVALUATE, () -> evaluate(set));
          case PAPER -> timed(Phase.EVALUATE_PAPER_CASES, () -> evaluate(set));
        }
        record.change(now -> now.finishedAt(workspace.clock().instant()));
        record.flush();
      }
    }
    return folder.outcomes(CaseSet.TEST).metrics();
  }

  /**
   * Evaluates the test sample by another protocol than the recipe's, into {@code
   * outcomes-PROTOCOL.jsonl}; does nothing where that is done.
   *
   * @throws ConfigException if the run's method is not a language model
   * @throws BadInputException if its language model has changed since it was asked
   */
  public Outcomes evaluate(Protocol.OfText protocol) {
    if (!recipe.method().asksLanguageModel()) {
      throw new ConfigException(
          "protocol %s is for language models; %s ranks by its scores"
              .formatted(protocol.key(), recipe.label()));
    }
    if (protocol.equals(recipe.evaluation().protocol())) {
      evaluate();
      return folder.outcomes(CaseSet.TEST);
    }
    Path file = folder.outcomesFile(protocol.key());
    RecipeDifference.refuse(RunOrigin.otherBase(folder, recipe, workspace));
    if (!Files.exists(file)) {
      by(protocol).write(file);
    }
    return Outcomes.read(file);
  }

  /**
   * Evaluates the run on stored cases, a language model among their candidates only.
   *
   * @param protocol how a language model ranks
   * @throws BadInputException if the run was made on other items
   */
  public Map<String, List<Outcome>> evaluate(StoredCases stored, Protocol.OfText protocol) {
    stored.requireItems(workspace.data(recipe).dataset().titles());
    if (!recipe.method().asksLanguageModel()) {
      try (ItemScorer recommender = recommender()) {
        return Evaluation.stored(recommender, stored);
      }
    }
    try (OpenModel models = models()) {
      return Evaluation.stored(
          ranker(models.model(), protocol), stored, "evaluating " + recipe.label(), progress);
    }
  }

  private Outcomes by(Protocol.OfText protocol) {
    CandidateFile candidates = workspace.data(recipe).candidates(Part.TEST);
    try (OpenModel models = models()) {
      keepBase();
      record.flush();
      List<Outcome> outcomes =
          Evaluation.run(
              ranker(models.model(), protocol),
              workspace.data(recipe).cases(Part.TEST),
              "evaluating " + recipe.label() + " by " + protocol.key(),
              progress);
      return new Outcomes(
          recipe.label(),
          recipe.seed(),
          protocol.key(),
          candidates.hash(),
          outcomes.stream().map(Outcome::withoutScores).toList());
    }
  }

  private void evaluate(CaseSet set) {
    CandidateFile candidates = workspace.data(recipe, set).candidates(Part.TEST);
    List<Outcome> rows = results(workspace.data(recipe, set), Part.TEST, set == CaseSet.TEST);
    candidates.write(folder.candidatesFile(set));
    folder.writeOutcomes(
        set,
        new Outcomes(
            recipe.label(),
            recipe.seed(),
            protocol(),
            candidates.hash(),
            rows.stream().map(Outcome::withoutScores).toList()));
    if (set == CaseSet.TEST) {
      record.change(
          now -> now.withCandidates(candidates.hash()).withMetrics(Metrics.of(rows).byKey()));
    }
  }

  private String protocol() {
    return recipe.method().asksLanguageModel() ? recipe.evaluation().protocol().key() : "scores";
  }

  private List<Outcome> results(StudyData data, Part part, boolean keep) {
    List<Case> cases = data.cases(part);
    if (recipe.method().asksLanguageModel()) {
      return ask(cases, part, keep);
    }
    try (ItemScorer recommender = recommender()) {
      return Evaluation.run(
          new ScoreRanker(recommender), cases, phase("evaluating"), Progress.NONE);
    }
  }

  /** The recommender of a run whose method is one. */
  ItemScorer recommender() {
    return recipe.method() == Method.POPULARITY
        ? new Popularity(workspace.data(recipe).split().trainCounts())
        : workspace.recommenders(recipe).of(network());
  }

  private List<Outcome> ask(List<Case> cases, Part part, boolean keep) {
    try (OpenModel models = models()) {
      PromptModel model = models.model();
      PromptRanker ranker = ranker(model, recipe.evaluation().protocol());
      List<Outcome> results = Evaluation.run(ranker, cases, phase("evaluating"), progress);
      PromptCuts.of(model, cases).ifPresent(cuts -> tellCuts(cuts, part));
      if (keep) {
        keepBase();
        var illustrations =
            new Illustrations(model, workspace.data(recipe).dataset(), cases, results);
        folder.writeSamples(illustrations.samples(recipe.evaluation().samples()));
        folder.writeExpertWeights(illustrations.expertWeights());
      }
      return results;
    }
  }

  /** The trained model of this run, or the frozen one where the method trains none. */
  OpenModel models() {
    return recipe.method().adapts() ? trained().open() : FreshModel.create(recipe, workspace);
  }

  /** Prompts are never cut silently. */
  private void tellCuts(PromptCuts cuts, Part part) {
    String note = cuts.toString();
    progress.update(note, 1, 1, "");
    if (part == Part.TEST) {
      record.change(now -> now.withNote(note));
    }
  }
}
