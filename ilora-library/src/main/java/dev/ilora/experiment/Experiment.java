package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.Progress;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Part;
import dev.ilora.data.StoredCases;
import dev.ilora.evaluate.Protocol;
import dev.ilora.files.MakingLock;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.Conditioning;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.llm.WeightForm;
import dev.ilora.machine.AvailableMemory;
import dev.ilora.recommend.LoadOptions;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.runs.CaseFacts;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Cost;
import dev.ilora.runs.LiveRecord;
import dev.ilora.runs.Method;
import dev.ilora.runs.Phase;
import dev.ilora.runs.RecipeDifference;
import dev.ilora.runs.RunFolder;
import dev.ilora.runs.TrainingCurve;
import dev.ilora.statistics.Metrics;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import dev.ilora.tensor.Tensor;
import dev.ilora.train.AdaptationTask;
import dev.ilora.train.PassPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One run: a recipe and a folder. Training and evaluation each do nothing where they are finished,
 * and go on where they were interrupted.
 */
public final class Experiment {
  private final Recipe recipe;
  private final Workspace workspace;
  private final RunFolder folder;
  private final LiveRecord record;
  private final CostMeter costs;
  private final RunModels models;
  private final boolean waits;
  private Progress progress;

  private Experiment(Recipe recipe, Workspace workspace, RunFolder folder, boolean waits) {
    this.waits = waits;
    this.recipe = recipe;
    this.workspace = workspace;
    this.folder = folder;
    this.record = LiveRecord.of(folder);
    this.costs = new CostMeter(record, workspace.context());
    this.models = new RunModels(recipe, workspace, folder);
    this.progress = workspace.context().progress();
  }

  /**
   * Begins a run in its folder of the workspace, or takes up the one there. A try that came to
   * nothing, for a setting it had wrong, leaves nothing that a corrected one must respect.
   *
   * @throws BadInputException if the folder cannot be written, is in use by another process, or
   *     holds a run of another recipe, on other data, with another prompt template or language
   *     model
   * @throws dev.ilora.config.ConfigException if the recipe's device is absent
   */
  public static Experiment begin(Recipe asked, Workspace workspace) {
    return begin(asked, workspace, false);
  }

  /**
   * The same, but waits while another process has the run: two that were started on the same runs
   * share the work.
   */
  public static Experiment share(Recipe asked, Workspace workspace) {
    return begin(asked, workspace, true);
  }

  private static Experiment begin(Recipe asked, Workspace workspace, boolean waits) {
    Workspace.device(asked);
    Recipe typed = BaseDtype.decide(asked.run(asked.seed()), workspace);
    RunOrigin origin = RunOrigin.of(typed, workspace);
    Path run = workspace.runFolder(typed);
    try (var _ = lock(run, workspace, waits)) {
      RunFolder folder = RunFolder.create(run);
      Recipe given = PassChoice.begun(typed, folder);
      return begin(given.absolute(), origin.with(given), folder, workspace, waits);
    }
  }

  private static MakingLock lock(Path run, Workspace workspace, boolean waits) {
    return waits ? MakingLock.waiting(run, workspace.context()) : MakingLock.refusing(run);
  }

  private static Experiment begin(
      Recipe recipe, RunOrigin origin, RunFolder folder, Workspace workspace, boolean waits) {
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
    return new Experiment(recipe, workspace, folder, waits);
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
    return new Experiment(recipe, workspace, folder, false);
  }

  /** Works where no other process does, on the record as that left it. */
  private void alone(Runnable work) {
    try (MakingLock lock = lock(folder.path(), workspace, waits)) {
      if (lock.outermost()) {
        record.reload();
      }
      work.run();
    }
  }

  /** Tells another listener of this run's progress. */
  public void tell(Progress listener) {
    progress = listener;
  }

  /**
   * Says that others run in this process at the same time: memory is then nobody's in particular.
   */
  public void amongOthers() {
    costs.amongOthers();
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
    return folder.model();
  }

  /**
   * The model folder of a trained run.
   *
   * @throws BadInputException if there is no run, it is not trained, or the model is another run's
   */
  public static Path model(Path run) {
    return TrainedModel.of(RunFolder.open(run));
  }

  /**
   * How to load the model folder of a run, from the recipe kept there; neither the run's data nor
   * its workspace is looked at.
   *
   * @throws BadInputException if there is no run, or its recipe was changed
   */
  public static LoadOptions loadOptions(Path run) {
    RunFolder folder = RunFolder.open(run);
    folder.requireRecipe();
    return TrainedModel.options(Config.bind(Recipe.class, folder.recipeFile(), List.of()));
  }

  /**
   * The number of threads a phase had; its results depend on it. A phase of which that is not known
   * had those the run was begun with.
   */
  OptionalInt threads(Phase phase) {
    Cost cost = record.now().costs().get(phase);
    if (cost != null && cost.threads().isPresent()) {
      return cost.threads();
    }
    String threads = record.now().identity().environment().values().get("threads");
    return threads == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(threads));
  }

  /**
   * Makes what this run shares with others and is not there yet: candidates, recommender. Done
   * first, so that runs prepared one after another may then train at the same time; nothing where
   * the run is finished.
   */
  public void prepare() {
    alone(this::makeShared);
  }

  private void makeShared() {
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
      case GRU4REC, CASER, SASREC -> costs.measured(Phase.TRAIN, this::trainNetwork);
      case ZERO_SHOT, TALLREC, LLARA, ILORA -> costs.timed(Phase.SHARED, this::makeModels);
    }
  }

  private void trainNetwork() {
    try (SequenceRecommender trained = models.network()) {
      keepTrainedParameters(trained.weights().values());
    }
    models.otherThreads().ifPresent(this::remark);
    models
        .networkCurve()
        .map(curve -> new TrainingCurve(curve).read())
        .ifPresent(
            points -> costs.piece(folder.curve().file(), () -> folder.curve().write(points)));
  }

  private void makeModels() {
    try (OpenModel fresh = models.fresh()) {
      keepTrainedParameters(fresh.model().parameters().values());
      tellSilentItems(fresh.model());
    }
  }

  /** Says how many items are cold, where prompts leave their vectors out. */
  private void tellSilentItems(PromptModel model) {
    int least = recipe.prompt().leastSeen();
    if (least > 0 && model.conditioning() instanceof Conditioning.Embedded embedded) {
      int count = embedded.items().map(items -> items.projector().silent().cardinality()).orElse(0);
      String note =
          "%s items that training chose fewer than %s times have no vector in prompts"
              .formatted(count, least);
      record.change(now -> now.withNote(note));
    }
    models.otherThreads().ifPresent(this::remark);
  }

  private void remark(String note) {
    progress.remark(note);
    record.change(now -> now.withNote(note));
  }

  private void keepTrainedParameters(Collection<Tensor> trained) {
    long count = trained.stream().mapToLong(Tensor::numel).sum();
    record.change(now -> now.withTrainedParameters(count));
  }

  /** Trains what the method trains and writes the model folder; does nothing where that is done. */
  public void train() {
    alone(this::trainModel);
  }

  private void trainModel() {
    if (models.trained().exists()) {
      return;
    }
    if (recipe.method().adapts()) {
      costs.measured(Phase.TRAIN, this::adapt);
    } else if (recipe.method().asksLanguageModel()) {
      try (OpenModel frozen = models.fresh()) {
        save(frozen);
      }
    } else {
      try (ItemScorer scorer = models.recommender()) {
        costs.piece(folder.modelFile(), () -> models.trained().save(scorer, folder.recipe()));
      }
    }
  }

  private void adapt() {
    try (OpenModel fresh = models.fresh()) {
      Recipe decided = recipe.with(passes(fresh.model()));
      costs.piece(folder.curve().file(), () -> adapt(decided, fresh.model()));
      save(fresh);
    }
  }

  /**
   * How rows are passed; decided by whoever trains first. Memory that others take tells nothing.
   */
  private PassPlan passes(PromptModel model) {
    Optional<PassPlan> kept = PassChoice.kept(folder);
    if (kept.isPresent()) {
      return kept.get();
    }
    PassPlan decided = costs.isAmongOthers() ? recipe.training().passes() : measured(model);
    folder.writeRecipe(Config.yaml(recipe.with(decided)));
    return decided;
  }

  private PassPlan measured(PromptModel model) {
    AdaptationTask task = new AdapterTraining(recipe, workspace, model).task();
    return new PassChoice(
            recipe.training(), model, LongestExamples.of(model, task, recipe.training()))
        .decide(AvailableMemory.bytes(), progress::remark);
  }

  private void adapt(Recipe decided, PromptModel model) {
    new AdapterTraining(decided, workspace, model)
        .run(
            folder,
            models.baseHash(),
            costs.isAmongOthers(),
            () -> evaluation().validation(model),
            progress);
  }

  private void save(OpenModel model) {
    record.change(now -> now.withBaseModel(models.baseHash()));
    costs.flush();
    costs.piece(folder.modelFile(), () -> models.save(model));
  }

  /**
   * Measures the memory of the first training steps and of a few test rows on the threads set now,
   * and forgets what came of them: for a run that is about to share the process with others. Does
   * nothing where the run is finished or was measured.
   */
  public void rehearse() {
    alone(this::rehearseOnce);
  }

  private void rehearseOnce() {
    boolean measured = record.now().costs().containsKey(Phase.REHEARSE);
    if (!folder.hasOutcomes(CaseSet.TEST) && !measured) {
      costs.rehearsed(this::rehearseSteps);
    }
  }

  private void rehearseSteps() {
    try (OpenModel fresh = models.fresh()) {
      if (recipe.method().adapts()) {
        new AdapterTraining(recipe, workspace, fresh.model()).rehearse();
      }
      evaluation().rehearse(fresh.model());
    }
  }

  private RunEvaluation evaluation() {
    return new RunEvaluation(recipe, workspace, folder, record, costs, progress);
  }

  /** Metrics on the validation sample, without keeping anything. */
  public Metrics validate() {
    return evaluation().validation();
  }

  /**
   * Scores the test sample by likelihood with the language model's matrices held in several forms,
   * whatever form the run was trained in; keeps nothing.
   *
   * @throws ConfigException if the run's method is not a language model
   * @throws BadInputException if the run is not trained
   */
  public List<FormOutcome> inForms(List<WeightForm> forms) {
    requireLanguageModel("a form of weights");
    requireTrained();
    return evaluation().inForms(forms);
  }

  /** Keeps what is known of the test cases; does nothing where that is kept. */
  public void keep(CaseFacts facts) {
    alone(
        () -> {
          if (!folder.caseFacts().equals(Optional.of(facts))) {
            costs.piece(folder.factsFile(), () -> folder.writeCaseFacts(facts));
          }
        });
  }

  /**
   * Evaluates the test sample into outcomes.jsonl, and the papers' rows beside it where the recipe
   * asks for them; does nothing where that is done.
   *
   * @return metrics on the test sample
   * @throws BadInputException if the run is not trained
   */
  public Metrics evaluate() {
    requireTrained();
    alone(this::evaluateSets);
    return folder.outcomes(CaseSet.TEST).metrics();
  }

  /** A model that was never asked to learn anything needs no training. */
  private void requireTrained() {
    if (recipe.method() != Method.ZERO_SHOT) {
      model(folder.path());
    }
  }

  private void requireLanguageModel(String what) {
    if (!recipe.method().asksLanguageModel()) {
      throw new ConfigException(
          "%s is for language models; %s ranks by its scores".formatted(what, recipe.label()));
    }
  }

  private void evaluateSets() {
    for (CaseSet set : recipe.rows().sets()) {
      if (!folder.hasOutcomes(set) || isUnrecorded(set)) {
        switch (set) {
          case TEST -> costs.measured(Phase.EVALUATE, () -> evaluation().write(set));
          case PAPER -> costs.timed(Phase.EVALUATE_PAPER_CASES, () -> evaluation().write(set));
        }
      }
    }
  }

  /** Whether a kill between its outcomes and the record has lost what the record says of them. */
  private boolean isUnrecorded(CaseSet set) {
    return set == CaseSet.TEST && record.now().result().finished().isEmpty();
  }

  /**
   * Evaluates the test sample by another protocol than the recipe's, into {@code
   * outcomes-PROTOCOL.jsonl}; does nothing where that is done.
   *
   * @throws ConfigException if the run's method is not a language model
   * @throws BadInputException if the run is not trained, or its language model has changed since it
   *     was asked
   */
  public Outcomes evaluate(Protocol.OfText protocol) {
    requireLanguageModel("protocol " + protocol.key());
    if (protocol.equals(recipe.evaluation().protocol())) {
      evaluate();
      return folder.outcomes(CaseSet.TEST);
    }
    requireTrained();
    Path file = folder.outcomesFile(protocol.key());
    RecipeDifference.refuse(RunOrigin.otherBase(folder, recipe, workspace));
    alone(
        () -> {
          if (!Files.exists(file)) {
            Outcomes outcomes = evaluation().by(protocol);
            costs.piece(file, () -> outcomes.write(file));
          }
        });
    return folder.outcomes(protocol.key());
  }

  /**
   * Evaluates the run on stored cases, a language model among their candidates only.
   *
   * @param protocol how a language model ranks
   * @throws BadInputException if the run is not trained or was made on other items
   */
  public Map<String, List<Outcome>> evaluate(StoredCases stored, Protocol.OfText protocol) {
    requireTrained();
    return evaluation().stored(stored, protocol);
  }

  /**
   * Copies the model of a run to a new folder, with its metrics; neither the run's data nor its
   * workspace is looked at.
   *
   * @param withBase whether the language model is copied whatever its size; up to 64 MB it always
   *     is
   * @return whether the folder holds the language model, or needs none
   * @throws BadInputException if the run is not trained, the target exists, or the model is damaged
   */
  public static boolean export(Path run, Path target, boolean withBase) {
    return export(run, target, withBase, false);
  }

  /**
   * The same where a model that is there may be replaced.
   *
   * @param replace whether it is
   */
  public static boolean export(Path run, Path target, boolean withBase, boolean replace) {
    RunFolder folder = RunFolder.open(run);
    Path model = model(run);
    Map<String, Double> metrics =
        folder.hasOutcomes(CaseSet.TEST)
            ? folder.outcomes(CaseSet.TEST).metrics().byKey()
            : Map.of();
    Optional<Path> base = loadOptions(run).base().map(BaseModels::folder);
    return ModelFolder.export(model, target, metrics, base, withBase, replace);
  }
}
