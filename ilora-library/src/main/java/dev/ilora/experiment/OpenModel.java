package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.GateConfig;
import dev.ilora.adapter.Guidance;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.ModelFolder;
import dev.ilora.hybrid.Projector;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.llm.Llama;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.synthetic.GeneratedText;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A recipe's prompt model with its tokenizer, newly made or read from a run; closed together. */
public final class OpenModel implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final Llama llama;
  private final PromptModel model;
  private final String baseHash;

  private OpenModel(Tokenizer tokenizer, Llama llama, PromptModel model, String baseHash) {
    this.tokenizer = tokenizer;
    this.llama = llama;
    this.model = model;
    this.baseHash = baseHash;
  }

  PromptModel model() {
    return model;
  }

  /** Content hash of the language model. */
  String baseHash() {
    return baseHash;
  }

  /** A model with fresh adapters, as the recipe says. */
  static OpenModel create(Recipe recipe, Workspace workspace) {
    return open(recipe, workspace, null);
  }

  /**
   * A model with the adapters trained in a folder.
   *
   * @throws BadInputException if they belong to another base model
   */
  static OpenModel load(Recipe recipe, Workspace workspace, Path folder) {
    return open(recipe, workspace, folder);
  }

  private static OpenModel open(Recipe recipe, Workspace workspace, Path trained) {
    Path base = BaseModels.folder(recipe.llm().path());
    Device device = Workspace.device(recipe);
    Tokenizer tokenizer = Tokenizer.open(base);
    Llama llama = Llama.load(base, device, recipe.llm().type());
    String hash = BaseModels.hash(base);
    List<String> titles = workspace.dataset(recipe).titles();
    PromptTemplate template = Workspace.template(recipe);
    int context = llama.config().maxPositions();
    PromptEncoder encoder =
        new PromptEncoder(
            tokenizer,
            template,
            titles,
            recipe.prompt().embeddings(),
            recipe.prompt().userSlot(),
            context);
    PromptEncoder textEncoder =
        new PromptEncoder(tokenizer, template, titles, ItemEmbeddings.NONE, context);
    PromptModel model =
        trained != null
            ? ModelFolder.load(trained, llama, hash, encoder, textEncoder)
            : new PromptModel(
                llama, encoder, textEncoder, parts(recipe, workspace, base, llama, device));
    return new OpenModel(tokenizer, llama, model, hash);
  }

  private static PromptModel.Parts parts(
      Recipe recipe, Workspace workspace, Path base, Llama llama, Device device) {
    if (!recipe.method().adapts()) {
      return PromptModel.Parts.NONE;
    }
    AdapterConfig config = recipe.adapter().config();
    boolean gated = config.experts() > 1;
    boolean guided = gated && recipe.adapter().guidance() == Guidance.SEQUENCE;
    boolean user = recipe.prompt().userSlot();
    boolean items = recipe.prompt().embeddings() != ItemEmbeddings.NONE;
    SequenceRecommender recommender =
        guided || user || items ? workspace.recommender(recipe, Architecture.Model.SASREC) : null;
    ItemVectors vectors = recipe.prompt().vectors();
    int width = llama.config().hiddenSize();
    long seed = recipe.seed();
    Projector itemProjector =
        items
            ? projector(
                base,
                llama,
                vectors.width(recommender),
                Projector.size(vectors.of(recommender)),
                seed * 10 + 1)
            : null;
    Projector userProjector =
        user ? projector(base, llama, recommender.sequenceWidth(), 1, seed * 10 + 2) : null;
    Gate gate =
        gated
            ? Gate.create(
                GateConfig.of(
                    recipe.adapter().gate(),
                    guidanceWidth(recipe.adapter().guidance(), recommender, width),
                    config.experts(),
                    llama.config().layers()),
                seed * 10 + 3,
                device)
            : null;
    return new PromptModel.Parts(
        recommender,
        vectors,
        itemProjector,
        userProjector,
        Adapters.create(config, llama.config().shape(), seed * 10 + 4, device),
        gate,
        recipe.adapter().guidance(),
        seed);
  }

  /**
   * A projector to train: the one the base model was taught with, which it can read from the start,
   * where there is one of that width, or a random one.
   */
  private static Projector projector(
      Path base, Llama llama, int inputWidth, double inputSize, long seed) {
    int width = llama.config().hiddenSize();
    Path taught = base.resolve(BaseModels.PROJECTOR);
    return Files.exists(taught) && inputWidth == GeneratedText.VECTOR_WIDTH
        ? Projector.load(taught, inputWidth, width, llama.device()).forInputs(inputSize)
        : Projector.create(
            inputWidth,
            width,
            inputSize,
            Projector.size(llama.parameters().get("model.embed_tokens.weight")),
            seed,
            llama.device());
  }

  private static int guidanceWidth(Guidance guidance, SequenceRecommender recommender, int width) {
    return switch (guidance) {
      case SEQUENCE -> recommender.sequenceWidth();
      case PROMPT_MEAN -> width;
      case RANDOM -> 64;
    };
  }

  @Override
  public void close() {
    model.parameters().values().forEach(Tensor::close);
    model.gateBuffers().values().forEach(Tensor::close);
    if (model.parts().recommender() != null) {
      model.parts().recommender().close();
    }
    llama.close();
    tokenizer.close();
  }
}
