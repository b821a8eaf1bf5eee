package dev.ilora.experiment;

import dev.ilora.config.ConfigException;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Part;
import dev.ilora.evaluate.PromptEvaluation;
import dev.ilora.runs.RecipeDifference;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Evaluates a run's test sample by another protocol than its recipe's. The results stand beside
 * those of the recipe, in {@code predictions-PROTOCOL.jsonl}, and are not computed twice.
 */
public final class ProtocolEvaluation {
  private ProtocolEvaluation() {}

  /**
   * Evaluates the run by a protocol; by its recipe's own this is {@link Experiment#evaluate}.
   *
   * @throws ConfigException if the run's method is not a language model
   * @throws dev.ilora.BadInputException if its language model has changed since it was asked
   */
  public static Outcomes of(
      Experiment run, Workspace workspace, PromptEvaluation.Protocol protocol) {
    Recipe recipe = run.recipe();
    if (!recipe.method().asksLanguageModel()) {
      throw new ConfigException(
          "protocol %s is for language models; %s ranks by its scores"
              .formatted(protocol.key(), recipe.label()));
    }
    if (protocol == recipe.evaluation().protocol()) {
      run.evaluate();
      return run.folder().predictions();
    }
    Path file = run.folder().path().resolve("predictions-" + protocol.key() + ".jsonl");
    RecipeDifference.refuse(RunOrigin.otherBase(run.folder(), recipe, workspace));
    if (!Files.exists(file)) {
      evaluate(run, workspace, protocol).write(file);
    }
    return Outcomes.read(file);
  }

  private static Outcomes evaluate(
      Experiment run, Workspace workspace, PromptEvaluation.Protocol protocol) {
    Recipe recipe = run.recipe();
    CandidateFile candidates = workspace.candidates(recipe, Part.TEST);
    try (OpenModel models = run.models()) {
      run.folder().writeManifest(run.folder().manifest().withBaseModel(models.baseHash()));
      List<Outcome> rows =
          new PromptEvaluation(
                  models.model(),
                  workspace.dataset(recipe).titles(),
                  protocol,
                  recipe.evaluation().batch())
              .run(
                  workspace.rows(recipe, Part.TEST),
                  candidates.rows(),
                  "evaluating " + recipe.label() + " by " + protocol.key(),
                  workspace.progress());
      return new Outcomes(
          recipe.label(),
          recipe.seed(),
          protocol.key(),
          candidates.hash(),
          rows.stream().map(Outcome::withoutScores).toList());
    }
  }
}
