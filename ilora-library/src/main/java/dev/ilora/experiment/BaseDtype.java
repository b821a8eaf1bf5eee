package dev.ilora.experiment;

import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.experiment.Recipe.BaseSettings.Precision;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.machine.SpeedProbe;
import dev.ilora.machine.ThreadChoice;
import dev.ilora.runs.RunFolder;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides the type of a language model's frozen weights where a recipe leaves it open. Runs of one
 * model in one workspace have one type, so that methods can be compared.
 */
final class BaseDtype {
  /** Products of narrower models are too small for 16 bits to gain anything. */
  static final int LEAST_WIDTH = 512;

  private static final int TOKENS = 1024;

  private BaseDtype() {}

  /** The recipe with a type; the same where it has one. */
  static Recipe decide(Recipe recipe, Workspace workspace) {
    if (recipe.llm().dtype() != Precision.AUTO) {
      return recipe;
    }
    return recipe.with(
        recipe.method().asksLanguageModel()
            ? ofRuns(recipe, workspace).orElseGet(() -> measured(recipe, workspace))
            : Precision.FP32);
  }

  /** That of the run that goes on, or else of the first run of the same model. */
  private static Optional<Precision> ofRuns(Recipe recipe, Workspace workspace) {
    Path own = workspace.runFolder(recipe);
    return kept(own)
        .or(
            () ->
                folders(workspace.root()).stream()
                    .map(BaseDtype::kept)
                    .flatMap(Optional::stream)
                    .filter(other -> other.method().asksLanguageModel())
                    .filter(other -> isSameModel(other, recipe))
                    .findFirst())
        .map(other -> other.llm().dtype())
        .filter(dtype -> dtype != Precision.AUTO);
  }

  private static boolean isSameModel(Recipe one, Recipe other) {
    return Objects.equals(one.absolute().llm().path(), other.absolute().llm().path())
        && one.device().equals(other.device());
  }

  private static List<Path> folders(Path root) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (var entries = Files.list(root)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(root + ": cannot be listed", e);
    }
  }

  /** The recipe of the run in a folder, if there is one that can be read. */
  static Optional<Recipe> kept(Path run) {
    Path file = run.resolve(RunFolder.RECIPE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Config.bind(Recipe.class, file, List.of()));
    } catch (ConfigException e) {
      // A run that cannot be read decides nothing; whoever opens it says what is wrong.
      return Optional.empty();
    }
  }

  private static Precision measured(Recipe recipe, Workspace workspace) {
    Path config = LlamaConfig.fileOf(BaseModels.folder(recipe.llm().path()));
    if (!Files.isRegularFile(config)) {
      // Whoever opens the model says what it lacks.
      return Precision.FP32;
    }
    LlamaConfig model = LlamaConfig.read(config);
    if (model.hiddenSize() < LEAST_WIDTH) {
      return Precision.FP32;
    }
    Device device = Workspace.device(recipe);
    double fp32 = speed(DType.F32, device, model);
    double bf16 = speed(DType.BF16, device, model);
    Precision faster = bf16 > ThreadChoice.CLEARLY_FASTER * fp32 ? Precision.BF16 : Precision.FP32;
    workspace
        .context()
        .progress()
        .remark(
            String.format(
                Locale.ROOT,
                "llm.dtype=%s (GFLOP/s of products of this model: %.0f in fp32, %.0f in bf16)",
                faster.name().toLowerCase(Locale.ROOT),
                fp32,
                bf16));
    return faster;
  }

  private static double speed(DType dtype, Device device, LlamaConfig model) {
    return SpeedProbe.gigaflops(
        dtype, device, TOKENS, model.hiddenSize(), model.intermediateSize());
  }
}
