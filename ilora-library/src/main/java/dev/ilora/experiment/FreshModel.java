package dev.ilora.experiment;

import dev.ilora.Randomness;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.GateSizes;
import dev.ilora.adapter.Guidance;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.Conditioning;
import dev.ilora.hybrid.GateInput;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.Projector;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.Tuning;
import dev.ilora.llm.Llama;
import dev.ilora.llm.PrefixCache;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.synthetic.GeneratedText;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A recipe's prompt model, newly made: what its adapters, gate and projectors start from. */
final class FreshModel {
  private static final int ITEM_PROJECTOR = 1;
  private static final int USER_PROJECTOR = 2;
  private static final int GATE = 3;
  private static final int ADAPTERS = 4;

  /** How large vectors begin that a new projector adds to titles, of token embeddings. */
  private static final double ADDED_VECTORS = 0.2;

  /** Width of a random vector for the gate. */
  private static final int RANDOM_WIDTH = 64;

  private final Recipe recipe;
  private final Path base;
  private final Llama llama;

  private FreshModel(Recipe recipe, Path base, Llama llama) {
    this.recipe = recipe;
    this.base = base;
    this.llama = llama;
  }

  /**
   * A model with fresh adapters, as the recipe says; the frozen one where the method trains none.
   */
  static OpenModel create(Recipe recipe, Workspace workspace) {
    Path base = BaseModels.folder(recipe.llm().path());
    return OpenModel.open(
        base,
        Workspace.device(recipe),
        recipe.llm().type(),
        recipe.llm().weights(),
        Workspace.template(recipe),
        workspace.data(recipe).dataset().titles(),
        recipe.prompt().embeddings(),
        recipe.prompt().userSlot(),
        recipe.prompt().chat(),
        recipe.method().adapts() ? recipe.adapter().slots() : 0,
        (llama, encoder, textEncoder) ->
            new FreshModel(recipe, base, llama).model(workspace, encoder, textEncoder));
  }

  private PromptModel model(Workspace workspace, PromptEncoder encoder, PromptEncoder textEncoder) {
    if (!recipe.method().adapts()) {
      return new PromptModel(
          llama, encoder, textEncoder, new Conditioning.TextOnly(), new Tuning.Frozen());
    }
    Optional<SequenceRecommender> guide =
        placesItems() || recipe.prompt().userSlot() || guidesGate()
            ? Optional.of(workspace.recommenders(recipe).of(Architecture.Model.SASREC))
            : Optional.empty();
    try {
      return new PromptModel(
          llama,
          encoder,
          textEncoder,
          conditioning(guide, workspace),
          recipe.adapter().slots() > 0 ? beforePrompts(encoder) : tuning(guide));
    } catch (RuntimeException e) {
      guide.ifPresent(SequenceRecommender::close);
      throw e;
    }
  }

  private boolean placesItems() {
    return recipe.prompt().embeddings() != ItemEmbeddings.NONE;
  }

  private boolean isMixture() {
    return recipe.adapter().experts() > 1;
  }

  private boolean guidesGate() {
    return isMixture() && recipe.adapter().guidance() == Guidance.SEQUENCE;
  }

  private Conditioning conditioning(Optional<SequenceRecommender> guide, Workspace workspace) {
    boolean user = recipe.prompt().userSlot();
    if (!placesItems() && !user) {
      return new Conditioning.TextOnly();
    }
    SequenceRecommender own = guide.orElseThrow();
    return new Conditioning.Embedded(
        own,
        placesItems() ? Optional.of(items(own, workspace)) : Optional.empty(),
        user
            ? Optional.of(projector(own.sequenceWidth(), 1, false, USER_PROJECTOR))
            : Optional.empty());
  }

  private Conditioning.ProjectedItems items(SequenceRecommender guide, Workspace workspace) {
    ItemVectors vectors = recipe.prompt().vectors();
    double size = Projector.size(vectors.of(guide));
    return new Conditioning.ProjectedItems(
        vectors,
        projector(
                vectors.width(guide),
                size,
                recipe.prompt().embeddings().addedToTitle(),
                ITEM_PROJECTOR)
            .silentAbout(seldomSeen(workspace)));
  }

  private BitSet seldomSeen(Workspace workspace) {
    BitSet items = new BitSet();
    int least = recipe.prompt().leastSeen();
    if (least > 0) {
      int[] counts = workspace.data(recipe).split().trainCounts();
      for (int item = 0; item < counts.length; item++) {
        items.set(item, counts[item] < least);
      }
    }
    return items;
  }

  /**
   * A projector to train: the one the base model was taught with, which it can read from the start,
   * where there is one of that width, or a random one.
   */
  private Projector projector(int inputWidth, double inputSize, boolean added, int part) {
    int width = llama.config().hiddenSize();
    Path taught = base.resolve(BaseModels.PROJECTOR);
    boolean known = Files.exists(taught) && inputWidth == GeneratedText.VECTOR_WIDTH;
    Projector fresh =
        known
            ? Projector.load(taught, inputWidth, width, llama.device()).forInputs(inputSize)
            : Projector.create(inputWidth, width, inputSize, 1, seed(part), llama.device())
                .outputScale(llama.config().form().scales().embeddings() * embeddingSize());
    double usual = added && !known ? ADDED_VECTORS : 1;
    return fresh.times(recipe.prompt().vectorSize().orElse(usual));
  }

  private double embeddingSize() {
    try (var _ = Scope.open()) {
      return Projector.size(llama.embeddingTable());
    }
  }

  /**
   * What is learned before prompts begins as what tokens drawn by lot have there: their embeddings,
   * as Lester et al. found best, or their keys and values, as Li and Liang did.
   */
  private Tuning beforePrompts(PromptEncoder encoder) {
    RandomGenerator random = Randomness.initialWeights(seed(ADAPTERS));
    int[] tokens = random.ints(recipe.adapter().slots(), 0, encoder.vocabularySize()).toArray();
    if (recipe.adapter().prefixTokens() > 0) {
      Tensor begun = PrefixCache.ofTokens(llama, tokens).keysAndValues();
      return new Tuning.Prefix(begun.requiresGrad(true));
    }
    Tensor embeddings =
        llama.embed(Tensor.ofInts(tokens, tokens.length)).detach().to(DType.F32).copy();
    return new Tuning.VirtualTokens(embeddings.requiresGrad(true));
  }

  private Tuning tuning(Optional<SequenceRecommender> guide) {
    AdapterConfig config = recipe.adapter().config();
    Adapters adapters =
        Adapters.create(
            config, llama.config().shape(), llama.frozenWeights(), seed(ADAPTERS), llama.device());
    if (!isMixture()) {
      return new Tuning.Lora(adapters);
    }
    GateInput input =
        switch (recipe.adapter().guidance()) {
          case SEQUENCE -> new GateInput.SequenceEmbedding(guide.orElseThrow());
          case PROMPT_MEAN -> new GateInput.PromptMean();
          case RANDOM -> new GateInput.RandomVector(recipe.seed());
        };
    GateSizes sizes = new GateSizes(width(input), config.experts(), llama.config().layers());
    Gate gate = Gate.create(recipe.adapter().gate(), sizes, seed(GATE), llama.device());
    return new Tuning.Mixture(adapters, gate, input);
  }

  private int width(GateInput input) {
    return switch (input) {
      case GateInput.SequenceEmbedding(SequenceRecommender guide) -> guide.sequenceWidth();
      case GateInput.PromptMean _ -> llama.config().hiddenSize();
      case GateInput.RandomVector _ -> RANDOM_WIDTH;
    };
  }

  private long seed(int part) {
    return Randomness.partSeed(recipe.seed(), part);
  }
}
