package dev.ilora.experiment;

import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.data.Dataset;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Torch;
import dev.ilora.text.BpeTrainer;
import dev.ilora.text.PretrainingOptions;
import dev.ilora.text.PretrainingText;
import dev.ilora.text.PromptTemplate;
import dev.ilora.text.Tokenizer;
import dev.ilora.train.PretrainingTask;
import dev.ilora.train.Trainer;
import dev.ilora.train.TrainerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes a language model of our own: a Llama with its own tokenizer, pretrained on texts about a
 * catalogue's items. It never sees what users did, so that frozen it stands where a general
 * language model stands: it knows the items, and can choose and copy a title from a list.
 */
public final class BaseModel {
  private static final int MICRO_BATCH_TOKENS = 1024;
  private static final double WEIGHT_DECAY = 0.01;

  private BaseModel() {}

  /** Whether a folder holds a finished model. */
  public static boolean isComplete(Path folder) {
    return Files.exists(folder.resolve("config.json"))
        && Files.exists(folder.resolve("model.safetensors"))
        && Files.exists(folder.resolve("tokenizer.json"));
  }

  /**
   * Pretrains a model into a Hugging Face folder; goes on from its last checkpoint where one is
   * there.
   *
   * @param fingerprint identifies data and settings, so that a checkpoint of others is refused
   * @param log receives every step
   */
  public static void pretrain(
      Dataset dataset,
      PromptTemplate template,
      Recipe.BaseSettings settings,
      Device device,
      Path folder,
      String fingerprint,
      Progress progress,
      Interruption interruption,
      Consumer<Trainer.Step> log) {
    Path tokenizerFile = folder.resolve("tokenizer.json");
    Path checkpoints = folder.resolve("checkpoints");
    try {
      Files.createDirectories(folder);
      if (!Files.exists(tokenizerFile)) {
        BpeTrainer.train(
            PretrainingText.tokenizerText(dataset.items(), template),
            settings.vocabulary(),
            tokenizerFile);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be written: " + e.getMessage(), e);
    }
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      PretrainingText text =
          new PretrainingText(
              dataset.items(),
              tokenizer,
              template,
              PretrainingOptions.defaults(),
              settings.context(),
              settings.seed());
      LlamaConfig config =
          LlamaConfig.copying(
                  tokenizer.vocabularySize(),
                  settings.width(),
                  settings.feedForward(),
                  settings.layers(),
                  settings.heads(),
                  settings.keyValueHeads(),
                  settings.context())
              .withTokens(tokenizer.bos(), List.of(tokenizer.eos()));
      try (Llama llama =
          Llama.createForCopying(config, text.separators(), settings.seed(), device)) {
        PretrainingTask task =
            new PretrainingTask(
                llama,
                null,
                step ->
                    text.examples(step, (double) step / settings.steps(), settings.stepTokens()),
                MICRO_BATCH_TOKENS,
                WEIGHT_DECAY,
                Torch.threads());
        new Trainer(
                TrainerConfig.of(settings.steps(), settings.learningRate()),
                settings.seed(),
                checkpoints,
                fingerprint,
                progress,
                interruption,
                log,
                InstantSource.system())
            .run(task);
        llama.save(folder);
      }
    }
    deleteTree(checkpoints);
  }

  static void deleteTree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be deleted", e);
    }
  }
}
