package dev.ilora.experiment;

import dev.ilora.Progress;
import dev.ilora.RunContext;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Part;
import dev.ilora.files.Hashes;
import dev.ilora.hybrid.Conditioning;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.runs.RunFolder;
import dev.ilora.runs.TrainingCurve;
import dev.ilora.runs.ValidationCurve;
import dev.ilora.statistics.Metrics;
import dev.ilora.tensor.Torch;
import dev.ilora.train.AdaptationTask;
import dev.ilora.train.Checkpoints;
import dev.ilora.train.Trainer;
import dev.ilora.train.ValidatedTask;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

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
            folder.recipe(),
            folder.template(),
            workspace.data(recipe).hash(),
            baseHash,
            guide + outputs(model.conditioning()));
    Checkpoints checkpoints = new Checkpoints(folder.checkpoints(), fingerprint);
    RunContext context = workspace.context().withProgress(progress);
    // Among others every training has one thread.
    try (var _ = amongOthers ? Torch.onThreads(Torch.threads()) : checkpoints.onTheirThreads()) {
      train(folder.curve(), checkpoints, validation, context);
    }
    folder.curve().seal();
    remark(folder, progress);
  }

  /** Weights of a projector whose outputs are scaled mean something else than others'. */
  private static String outputs(Conditioning conditioning) {
    return conditioning instanceof Conditioning.Embedded(_, var items, var user)
            && Stream.concat(
                    items.map(Conditioning.ProjectedItems::projector).stream(), user.stream())
                .anyMatch(projector -> projector.outputScale() != 1)
        ? "scaled outputs"
        : "";
  }

  private void remark(RunFolder folder, Progress progress) {
    double chance = 1.0 / recipe.rows().candidates();
    ValidationCurve.of(folder.curve().read(), chance)
        .map(ValidationCurve::remarks)
        .orElse(List.of())
        .forEach(
            remark ->
                progress.remark(
                    "%s (seed %s): %s".formatted(recipe.label(), recipe.seed(), remark)));
  }

  private void train(
      TrainingCurve curve,
      Checkpoints checkpoints,
      Supplier<Metrics> validation,
      RunContext context) {
    int validations = recipe.training().validations();
    if (validations == 0) {
      trainer(checkpoints, Trainer.logTo(curve), context).run(task());
      return;
    }
    int steps = recipe.training().steps();
    try (var task = new ValidatedTask(task(), steps, validations, validation)) {
      trainer(checkpoints, Trainer.logTo(curve, task::valuesAt), context).run(task);
      task.restoreBest();
    }
  }

  private Trainer trainer(Checkpoints checkpoints, Consumer<Trainer.Step> log, RunContext context) {
    return new Trainer(
        recipe.training().trainer(), recipe.seed(), Optional.of(checkpoints), log, context);
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

  AdaptationTask task() {
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
