package dev.ilora.experiment;

import dev.ilora.config.ConfigException;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Part;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.llm.Llama;
import dev.ilora.llm.WeightForm;
import dev.ilora.machine.AvailableMemory;
import dev.ilora.machine.PeakMemory;
import dev.ilora.tensor.Torch;
import dev.ilora.train.AdaptationTask;
import dev.ilora.train.PassPlan;
import dev.ilora.train.StepEstimate;
import dev.ilora.train.TrainingEstimate;
import dev.ilora.train.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the training of a run will take, from the model as it is loaded and a few passes over the
 * longest prompts; nothing of them is kept.
 *
 * @param estimate at its peak, and in time
 * @param available bytes that were free before
 * @param longest tokens of the longest prompts
 * @param passes of its rows, as the recipe says or as they fit into memory
 * @param advice what would take less, where it does not fit
 */
public record DryRun(
    TrainingEstimate estimate, long available, int longest, PassPlan passes, List<String> advice) {
  /** Whether it fits into the memory that was free. */
  public boolean fits() {
    return estimate.bytes() <= available;
  }

  /**
   * Estimates what the run of a recipe takes. What runs share (candidates, the recommender that
   * guides them) is made where it is not there yet. No run is begun, so that none goes by what this
   * one would have been, such as the type of the language model.
   *
   * @throws ConfigException if the method trains no adapters, the language model alone does not fit
   *     into memory, or the system does not tell how much memory a process takes
   */
  public static DryRun of(Recipe asked, Workspace workspace) {
    if (!asked.method().adapts()) {
      throw new ConfigException(
          "--dry-run estimates the training of adapters; %s has none".formatted(asked.label()));
    }
    Workspace.requireUsable(asked);
    Recipe recipe = BaseDtype.decide(asked.run(asked.seed()), workspace).absolute();
    long available = requireWeightsFit(recipe);
    makeShared(recipe, workspace);
    PeakMemory begun = PeakMemory.begin().orElseThrow(PeakMemory::unknown);
    try (OpenModel fresh = FreshModel.create(recipe, workspace)) {
      return measure(recipe, workspace, available, begun, fresh.model());
    }
  }

  /** So that making it is no part of what is measured. */
  private static void makeShared(Recipe recipe, Workspace workspace) {
    CandidateFile _ = workspace.data(recipe).candidates(Part.VALID);
    FreshModel.create(recipe, workspace).close();
  }

  /**
   * Refuses a model whose weights alone are more than the memory that is free.
   *
   * @return bytes that are free
   * @throws ConfigException if it is one, saying which form takes less
   */
  private static long requireWeightsFit(Recipe recipe) {
    long available = AvailableMemory.bytes().orElseThrow(PeakMemory::unknown);
    Path base = BaseModels.folder(recipe.llm().path());
    long weights = Llama.weightBytes(base, recipe.llm().type(), recipe.llm().weights());
    if (weights <= available) {
      return available;
    }
    long least = Llama.weightBytes(base, recipe.llm().type(), Optional.of(WeightForm.Q4_0));
    throw new ConfigException(
        "the weights of %s take %s, and %s are available%s"
            .formatted(
                base,
                gibibytes(weights),
                gibibytes(available),
                least < weights
                    ? ": llm.weights=q4_0 takes %s".formatted(gibibytes(least))
                    : ": take a smaller model"));
  }

  private static DryRun measure(
      Recipe recipe, Workspace workspace, long available, PeakMemory begun, PromptModel model) {
    AdaptationTask task = new AdapterTraining(recipe, workspace, model).task();
    LongestExamples longest = LongestExamples.of(model, task, recipe.training());
    PassPlan passes =
        PassChoice.isOpen(recipe)
            ? new PassChoice(recipe.training(), model, longest)
                .decide(AvailableMemory.bytes(), workspace.context().progress()::remark)
            : recipe.training().passes();
    TrainingSettings settings = recipe.training().with(passes);
    StepEstimate step =
        StepEstimate.measure(
                model, longest.examples(), longest.threads(), passes.rows(), passes.checkpoint())
            .orElseThrow(PeakMemory::unknown);
    long asking = settings.validations() == 0 ? 0 : asking(recipe, workspace, model);
    TrainingEstimate estimate =
        TrainingEstimate.of(model, begun.held(), step, settings, asking, longest.share());
    List<String> advice =
        estimate.bytes() <= available
            ? List.of()
            : advice(recipe.with(passes), estimate, step, available - estimate.kept());
    return new DryRun(estimate, available, longest.tokens(), passes, advice);
  }

  /** Bytes that asking the longest validation rows takes, a batch of them on each thread. */
  private static long asking(Recipe recipe, Workspace workspace, PromptModel model) {
    List<Case> rows =
        LongestExamples.of(
            workspace.data(recipe).cases(Part.VALID),
            model::promptLength,
            Torch.threads() * recipe.evaluation().batch());
    Runnable ask = () -> RunEvaluation.rehearse(recipe, workspace, model, rows);
    // Once before, so that what is compiled for it is no part of it.
    ask.run();
    return PeakMemory.of(ask).orElseThrow(PeakMemory::unknown);
  }

  private static List<String> advice(
      Recipe recipe, TrainingEstimate estimate, StepEstimate step, long room) {
    List<String> advice = new ArrayList<>();
    if (estimate.activations() > room) {
      PassPlan passes = recipe.training().passes();
      int fitting = step.largestMicroBatch(passes.rows(), room);
      if (fitting > 0) {
        advice.add("training.microBatch=" + fitting);
      }
      if (!passes.checkpoint()) {
        advice.add("training.checkpointActivations=true");
      }
    }
    if (estimate.evaluation() > room && recipe.evaluation().batch() > 1) {
      advice.add("a smaller evaluation.batch than " + recipe.evaluation().batch());
    }
    if (recipe.llm().weights().isEmpty()) {
      advice.add("llm.weights=q4_0");
    }
    return advice;
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
