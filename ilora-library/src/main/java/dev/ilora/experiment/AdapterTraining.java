package dev.ilora.experiment;

import dev.ilora.Progress;
import dev.ilora.RunContext;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Part;
import dev.ilora.files.Hashes;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.runs.RunFolder;
import dev.ilora.statistics.Metrics;
import dev.ilora.train.AdaptationTask;
import dev.ilora.train.Checkpoints;
import dev.ilora.train.Trainer;
import dev.ilora.train.TrainerConfig;
import dev.ilora.train.ValidatedTask;
import java.util.Optional;
import java.util.function.Supplier;

/** Trains the adapter, gate and projectors of a run's prompt model. */
final class AdapterTraining {
  private static final int REHEARSED_STEPS = 3;

  private final Recipe recipe;
  private final Workspace workspace;
  private final PromptModel model;

  AdapterTraining(Recipe recipe, Workspace workspace, PromptModel model) {
    this.recipe = recipe;
    this.workspace = workspace;
    this.model = model;
  }

  /**
   * Trains to the end, from the last checkpoint where there is one. The model then has the weights
   * that were best on the validation rows.
   *
   * @param baseHash content hash of the language model
   * @param amongOthers whether other runs go on in this process: the threads are then theirs too
   * @param validation asks the model the validation rows
   */
  void run(
      RunFolder folder,
      String baseHash,
      boolean amongOthers,
      Supplier<Metrics> validation,
      Progress progress) {
    String guide = model.guide().isEmpty() ? "" : workspace.recommenders(recipe).guideHash();
    String fingerprint =
        Hashes.key(
            folder.recipe(), folder.template(), workspace.data(recipe).hash(), baseHash, guide);
    Checkpoints checkpoints = new Checkpoints(folder.checkpoints(), fingerprint);
    RunContext context = workspace.context().withProgress(progress);
    if (amongOthers) {
      run(folder, checkpoints, validation, context);
    } else {
      try (var _ = checkpoints.onTheirThreads()) {
        run(folder, checkpoints, validation, context);
      }
    }
    folder.curve().seal();
  }

  private void run(
      RunFolder folder, Checkpoints kept, Supplier<Metrics> validation, RunContext context) {
    Optional<Checkpoints> checkpoints = Optional.of(kept);
    TrainerConfig config = recipe.training().trainer();
    int validations = recipe.training().validations();
    if (validations == 0) {
      var log = Trainer.logTo(folder.curve());
      new Trainer(config, recipe.seed(), checkpoints, log, context).run(task());
    } else {
      try (var task = new ValidatedTask(task(), config.steps(), validations, validation)) {
        var log = Trainer.logTo(folder.curve(), task::valuesAt);
        new Trainer(config, recipe.seed(), checkpoints, log, context).run(task);
        task.restoreBest();
      }
    }
  }

  /** Trains the first steps and keeps nothing of them. */
  void rehearse() {
    int steps = Math.min(REHEARSED_STEPS, recipe.training().steps());
    new Trainer(
            recipe.training().trainer().withSteps(steps),
            recipe.seed(),
            Optional.empty(),
            _ -> {},
            workspace.context().withProgress(Progress.NONE))
        .run(task());
  }

  private AdaptationTask task() {
    try {
      return new AdaptationTask(
          recipe.doing("training"),
          model,
          workspace.data(recipe).cases(Part.TRAIN),
          workspace.data(recipe).seenInTraining(),
          recipe.training(),
          recipe.rows().candidates(),
          recipe.seed());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("%s: %s".formatted(recipe.label(), e.getMessage()));
    }
  }
}
