package dev.ilora.pretrain;

import dev.ilora.BadInputException;
import dev.ilora.Randomness;
import dev.ilora.RunContext;
import dev.ilora.config.Config;
import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.files.Folders;
import dev.ilora.files.Hashes;
import dev.ilora.files.MakingLock;
import dev.ilora.files.WholeFile;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.Projector;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.runs.RecipeDifference;
import dev.ilora.runs.TrainingCurve;
import dev.ilora.synthetic.CatalogueTitles;
import dev.ilora.synthetic.GeneratedOptions;
import dev.ilora.synthetic.GeneratedText;
import dev.ilora.synthetic.PretrainingExample;
import dev.ilora.synthetic.TitleMaker;
import dev.ilora.synthetic.WordList;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.tokenizer.BpeTrainer;
import dev.ilora.tokenizer.Tokenizer;
import dev.ilora.train.Checkpoints;
import dev.ilora.train.Trainer;
import dev.ilora.train.TrainerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Makes a language model of our own: a Llama with its tokenizer, and the projector of vectors it
 * was taught with. It is taught by text made up from English words ({@link GeneratedText}), so that
 * it has seen no data set; a short continuation may tell it of a catalogue's items. What users did
 * is never read.
 */
public final class BaseTraining {
  /** The file of the projector of vectors a base model was taught with. */
  public static final String PROJECTOR = "projector.safetensors";

  private static final String RECIPE = "recipe.yaml";
  private static final String TOKENIZER = "tokenizer.json";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String MODEL = "model.safetensors";
  private static final int MICRO_BATCH_TOKENS = 1024;
  private static final double WEIGHT_DECAY = 0.01;
  private static final int TOKENIZER_TITLES = 200_000;

  private final BaseRecipe recipe;
  private final Path folder;
  private final Device device;
  private final RunContext context;

  /**
   * @param folder where the model is put, with its merged recipe and the curve of its training
   */
  public BaseTraining(BaseRecipe recipe, Path folder, RunContext context) {
    this.recipe = recipe;
    this.folder = folder;
    this.device = Device.parse(recipe.device());
    this.context = context;
  }

  /**
   * Makes the model; goes on from its last checkpoint where one is there, and does nothing where
   * the model is. Its weights are written in bf16.
   *
   * @throws BadInputException if words, items or the model to go on from cannot be read, or the
   *     folder holds what another recipe made or is in use by another process
   */
  public void make() {
    try (var _ = MakingLock.refusing(folder)) {
      Files.createDirectories(folder);
      if (!isMade()) {
        WholeFile.write(folder.resolve(RECIPE), Config.yaml(recipe));
        if (recipe.from().isPresent()) {
          goOn(BaseModels.folder(recipe.from().get()));
        } else {
          fromScratch();
        }
      }
      Folders.delete(folder.resolve(CHECKPOINTS));
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** Whether the model is there; refuses a folder with anything of another one. */
  private boolean isMade() throws IOException {
    Path former = folder.resolve(RECIPE);
    boolean made = Files.exists(folder.resolve(MODEL));
    if (made && !Files.exists(former)) {
      throw new BadInputException(
          folder, "holds a model that was not made here" + RecipeDifference.ADVICE);
    }
    // The tokenizer comes first: without it nothing was made by the recipe that lies there.
    if (Files.exists(former) && Files.exists(folder.resolve(TOKENIZER))) {
      RecipeDifference.refuse(
          RecipeDifference.of("model", former, Files.readString(former), Config.yaml(recipe)));
    }
    return made;
  }

  private void fromScratch() throws IOException {
    WordList words = WordList.read(recipe.words());
    Path tokenizerFile = folder.resolve(TOKENIZER);
    if (!Files.exists(tokenizerFile) || !Files.isDirectory(folder.resolve(CHECKPOINTS))) {
      context.progress().update("tokenizer", 0, 1, "");
      BpeTrainer.train(
          GeneratedText.tokenizerText(words, TOKENIZER_TITLES, recipe.seed()),
          recipe.size().vocabulary(),
          tokenizerFile);
      context.progress().update("tokenizer", 1, 1, "");
    }
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      GeneratedText text =
          new GeneratedText(
              new TitleMaker(words),
              tokenizer,
              GeneratedOptions.DEFAULTS,
              recipe.size().context(),
              recipe.seed());
      LlamaConfig config =
          recipe
              .size()
              .config(tokenizer.vocabularySize())
              .withTokens(tokenizer.bos(), List.of(tokenizer.eos()));
      try (Llama llama =
          CopyingWeights.model(
              config, new Cues(text.separators(), text.asking()), recipe.seed(), device)) {
        Projector projector =
            Projector.create(
                GeneratedText.VECTOR_WIDTH,
                config.hiddenSize(),
                1,
                Projector.size(llama.embeddingTable()),
                Randomness.baseProjectorSeed(recipe.seed()),
                device);
        teach(
            llama,
            projector,
            words.hash(),
            step -> text.examples(step, (double) step / recipe.steps(), recipe.stepTokens()));
      }
    }
  }

  private void goOn(Path from) throws IOException {
    if (Files.isRegularFile(from)) {
      throw new BadInputException(
          from, "is a file: expected a folder in Hugging Face's format to go on from");
    }
    Dataset dataset = DatasetFolder.read(recipe.items().orElseThrow());
    for (String file : Tokenizer.FILES) {
      if (Files.exists(from.resolve(file))) {
        Files.copy(from.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    try (Tokenizer tokenizer = Tokenizer.open(folder);
        Llama llama = Llama.load(from, device, DType.F32)) {
      tokenizer.requireEmbeddings(llama.config().vocabularySize());
      Path projectorFile = from.resolve(PROJECTOR);
      GeneratedText text =
          new GeneratedText(
              CatalogueTitles.ofItems(dataset.items()),
              tokenizer,
              GeneratedOptions.CONTINUED,
              llama.config().maxPositions(),
              recipe.seed());
      Projector projector =
          Files.exists(projectorFile)
              ? Projector.load(
                  projectorFile, GeneratedText.VECTOR_WIDTH, llama.config().hiddenSize(), device)
              : null;
      teach(
          llama,
          projector,
          BaseModels.hash(from) + DatasetFolder.hash(dataset),
          step -> text.examples(step, 1, recipe.stepTokens()));
    }
  }

  /** Trains and saves; a checkpoint taught from other sources is refused. */
  private void teach(
      Llama llama,
      Projector projector,
      String sources,
      LongFunction<List<PretrainingExample>> examples) {
    PretrainingTask task =
        new PretrainingTask(
            llama, projector, examples, MICRO_BATCH_TOKENS, WEIGHT_DECAY, Torch.threads());
    TrainingCurve curve = new TrainingCurve(folder.resolve("curve.jsonl"));
    new Trainer(
            TrainerConfig.of(recipe.steps(), recipe.learningRate()),
            recipe.seed(),
            Optional.of(
                new Checkpoints(
                    folder.resolve(CHECKPOINTS), Hashes.key(Config.yaml(recipe), sources))),
            Trainer.logTo(curve),
            context)
        .run(task);
    curve.seal();
    if (projector != null) {
      projector.save(folder.resolve(PROJECTOR));
      projector.parameters().values().forEach(Tensor::close);
    }
    llama.save(folder, DType.BF16);
  }
}
