package dev.ilora.experiment;

import dev.ilora.Randomness;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.GateSizes;
import dev.ilora.adapter.Guidance;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.Projector;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.llm.Llama;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.synthetic.GeneratedText;
import dev.ilora.tensor.Device;
import java.nio.file.Files;
import java.nio.file.Path;

/** A recipe's prompt model, newly made: what its adapters, gate and projectors start from. */
final class FreshModel {
  private static final int ITEM_PROJECTOR = 1;
  private static final int USER_PROJECTOR = 2;
  private static final int GATE = 3;
  private static final int ADAPTERS = 4;

  private FreshModel() {}

  /**
   * A model with fresh adapters, as the recipe says; the frozen one where the method trains none.
   */
  static OpenModel create(Recipe recipe, Workspace workspace) {
    Path base = BaseModels.folder(recipe.llm().path());
    Device device = Workspace.device(recipe);
    return OpenModel.open(
        base,
        device,
        recipe.llm().type(),
        Workspace.template(recipe),
        workspace.data(recipe).dataset().titles(),
        recipe.prompt().embeddings(),
        recipe.prompt().userSlot(),
        (llama, encoder, textEncoder) ->
            new PromptModel(
                llama, encoder, textEncoder, parts(recipe, workspace, base, llama, device)));
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
        guided || user || items
            ? workspace.recommenders(recipe).of(Architecture.Model.SASREC)
            : null;
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
                Randomness.partSeed(seed, ITEM_PROJECTOR))
            : null;
    Projector userProjector =
        user
            ? projector(
                base,
                llama,
                recommender.sequenceWidth(),
                1,
                Randomness.partSeed(seed, USER_PROJECTOR))
            : null;
    Gate gate =
        gated
            ? Gate.create(
                recipe.adapter().gate(),
                new GateSizes(
                    guidanceWidth(recipe.adapter().guidance(), recommender, width),
                    config.experts(),
                    llama.config().layers()),
                Randomness.partSeed(seed, GATE),
                device)
            : null;
    return new PromptModel.Parts(
        recommender,
        vectors,
        itemProjector,
        userProjector,
        Adapters.create(
            config, llama.config().shape(), Randomness.partSeed(seed, ADAPTERS), device),
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
}
