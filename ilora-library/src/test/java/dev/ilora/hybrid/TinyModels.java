package dev.ilora.hybrid;

import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.GateConfig;
import dev.ilora.adapter.GateSizes;
import dev.ilora.adapter.Guidance;
import dev.ilora.adapter.LoraForm;
import dev.ilora.data.Case;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.prompt.ChatUse;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.tokenizer.BpeTrainer;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Prompt models small enough to train in a test; all weights decided by seeds. */
public final class TinyModels {
  /** Titles that share beginnings and differ in length. */
  public static final List<String> TITLES =
      List.of(
          "Red Fox",
          "Red Foxes",
          "Red Fox Returns",
          "Blue Sea",
          "Blue Sea of Stars",
          "Blue",
          "The Long Way Home",
          "The Long Way",
          "The Lake",
          "Quiet",
          "Quiet Hours at Noon",
          "Old Harbour",
          "Old Hat",
          "Winter",
          "Winter Is Over",
          "Zebra Crossing");

  private static final int WIDTH = 16;
  private static final int CONTEXT = 384;
  private static final PromptTemplate TEMPLATE = PromptTemplate.named("item-short");

  private TinyModels() {}

  /**
   * What a model is to be like.
   *
   * @param gate of two experts; plain LoRA where absent
   * @param lora the form of the updates
   */
  public record Kind(
      ItemEmbeddings form,
      ItemVectors vectors,
      boolean userSlot,
      Optional<GateConfig> gate,
      Guidance guidance,
      double dropout,
      LoraForm lora) {
    /** Without a slot for the user, as plain LoRA. */
    public Kind(ItemEmbeddings form, Optional<GateConfig> gate, Guidance guidance, double dropout) {
      this(form, ItemVectors.INPUT, false, gate, guidance, dropout, LoraForm.PLAIN);
    }

    /** As plain LoRA. */
    public Kind(
        ItemEmbeddings form,
        ItemVectors vectors,
        boolean userSlot,
        Optional<GateConfig> gate,
        Guidance guidance,
        double dropout) {
      this(form, vectors, userSlot, gate, guidance, dropout, LoraForm.PLAIN);
    }

    /** The same with updates of another form. */
    public Kind in(LoraForm other) {
      return new Kind(form, vectors, userSlot, gate, guidance, dropout, other);
    }

    /** Of a form, with the paper's gate and no dropout. */
    public static Kind of(ItemEmbeddings form) {
      return new Kind(form, TinyModels.gate("linear"), Guidance.SEQUENCE, 0);
    }

    /** The same with a slot for the user. */
    public Kind withUserSlot() {
      return new Kind(form, vectors, true, gate, guidance, dropout, lora);
    }

    /** The same with the vectors that score items. */
    public Kind withOutputVectors() {
      return new Kind(form, ItemVectors.OUTPUT, userSlot, gate, guidance, dropout, lora);
    }
  }

  /** A gate by its name in recipes, or none. */
  public static Optional<GateConfig> gate(String name) {
    return switch (name) {
      case "none" -> Optional.empty();
      case "linear" -> Optional.of(new GateConfig.Linear());
      case "per-layer" -> Optional.of(new GateConfig.PerLayer());
      case "noisy" -> Optional.of(new GateConfig.Noisy(Optional.empty(), 0.1));
      case "residual" -> Optional.of(new GateConfig.Residual());
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Every form of a prompt, without and with a slot for the user. */
  public static Stream<Kind> prompts() {
    return Arrays.stream(ItemEmbeddings.values())
        .map(Kind::of)
        .flatMap(kind -> Stream.of(kind, kind.withUserSlot(), kind.withOutputVectors()));
  }

  /** DoRA for all users, and as mixtures. */
  public static Stream<Kind> doras() {
    return Stream.of("none", "linear", "per-layer")
        .map(name -> new Kind(ItemEmbeddings.SLOT, gate(name), Guidance.SEQUENCE, 0))
        .map(kind -> kind.in(new LoraForm(true, true)));
  }

  /** A tokenizer that knows parts of the titles. */
  public static Tokenizer tokenizer(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    TITLES.forEach(title -> lines.add("chosen: " + title + ". Candidates: The next item is:"));
    Path file = folder.resolve("tokenizer.json");
    BpeTrainer.train(lines, 320, file);
    return Tokenizer.open(file);
  }

  /** A language model whose weights are large enough that every part matters. */
  public static Llama llama(Tokenizer tokenizer) {
    LlamaConfig config =
        LlamaConfig.small(tokenizer.vocabularySize(), WIDTH, 24, 2, 4, 2, CONTEXT)
            .withTokens(tokenizer.bos(), List.of(tokenizer.eos()));
    Llama llama = Llama.create(config, 5, Device.CPU).trainable(false);
    llama.parameters().values().stream()
        .filter(weight -> weight.dim() == 2)
        .forEach(weight -> weight.mulInPlace(8));
    return llama;
  }

  /** An encoder of one form, without a slot for the user. */
  public static PromptEncoder encoder(Tokenizer tokenizer, ItemEmbeddings form) {
    return encoder(tokenizer, Kind.of(form));
  }

  /** The encoder of a kind. */
  public static PromptEncoder encoder(Tokenizer tokenizer, Kind kind) {
    return encoder(tokenizer, kind, CONTEXT);
  }

  private static PromptEncoder encoder(Tokenizer tokenizer, Kind kind, int maxTokens) {
    return new PromptEncoder(
        tokenizer, TEMPLATE, TITLES, kind.form(), kind.userSlot(), ChatUse.NEVER, maxTokens);
  }

  /** A model with experts as they are before training: their updates are zero. */
  public static PromptModel fresh(Tokenizer tokenizer, Kind kind) {
    return fresh(tokenizer, kind, CONTEXT);
  }

  /** The same with prompts and answers of so many tokens at the most. */
  public static PromptModel fresh(Tokenizer tokenizer, Kind kind, int maxTokens) {
    Llama llama = llama(tokenizer);
    SequenceRecommender guide = guide();
    return new PromptModel(
        llama,
        encoder(tokenizer, kind, maxTokens),
        encoder(tokenizer, Kind.of(ItemEmbeddings.NONE), maxTokens),
        conditioning(kind, guide),
        tuning(kind, guide, llama));
  }

  /** A model whose prompts begin with three virtual tokens and have slots of some form. */
  public static PromptModel withVirtualTokens(Tokenizer tokenizer, ItemEmbeddings form) {
    Torch.seed(12);
    Tensor learned = Tensor.randn(3, WIDTH).mul(0.2).detach().requiresGrad(true);
    return new PromptModel(
        llama(tokenizer),
        virtualEncoder(tokenizer, form),
        virtualEncoder(tokenizer, ItemEmbeddings.NONE),
        conditioning(Kind.of(form), guide()),
        new Tuning.VirtualTokens(learned));
  }

  /** A model with a prefix of three columns, whose prompts have slots of some form. */
  public static PromptModel withPrefix(Tokenizer tokenizer, ItemEmbeddings form) {
    Torch.seed(13);
    Llama llama = llama(tokenizer);
    long width = llama.config().shape().keyValueWidth();
    int layers = llama.config().layers();
    Tensor learned = Tensor.randn(3, layers, 2, width).mul(0.5).detach().requiresGrad(true);
    return new PromptModel(
        llama,
        virtualEncoder(tokenizer, form),
        virtualEncoder(tokenizer, ItemEmbeddings.NONE),
        conditioning(Kind.of(form), guide()),
        new Tuning.Prefix(learned));
  }

  private static PromptEncoder virtualEncoder(Tokenizer tokenizer, ItemEmbeddings form) {
    return new PromptEncoder(tokenizer, TEMPLATE, TITLES, form, false, ChatUse.NEVER, CONTEXT, 3);
  }

  /** A recommender of the {@link #TITLES}. */
  public static SequenceRecommender guide() {
    SequenceRecommender guide =
        SequenceRecommender.create(
            new Architecture(Architecture.Model.SASREC, TITLES.size(), WIDTH, 10, 0, List.of()),
            7,
            Device.CPU);
    guide.weights().values().forEach(weight -> weight.requiresGrad(false));
    return guide;
  }

  private static Conditioning conditioning(Kind kind, SequenceRecommender guide) {
    boolean items = kind.form() != ItemEmbeddings.NONE;
    if (!items && !kind.userSlot()) {
      return new Conditioning.TextOnly();
    }
    Optional<Projector> item =
        items
            ? Optional.of(Projector.create(WIDTH, WIDTH, 0.5, 0.3, 1, Device.CPU))
            : Optional.empty();
    Optional<Projector> user =
        kind.userSlot()
            ? Optional.of(Projector.create(WIDTH, WIDTH, 1, 0.3, 2, Device.CPU))
            : Optional.empty();
    return new Conditioning.Embedded(
        guide, item.map(own -> new Conditioning.ProjectedItems(kind.vectors(), own)), user);
  }

  private static Tuning tuning(Kind kind, SequenceRecommender guide, Llama llama) {
    AdapterConfig config =
        AdapterConfig.mixture(
                AdapterConfig.allTargets(), kind.gate().isPresent() ? 2 : 1, 4, 8, kind.dropout())
            .in(kind.lora());
    Adapters adapters =
        Adapters.create(config, llama.config().shape(), llama.frozenWeights(), 4, Device.CPU);
    if (kind.gate().isEmpty()) {
      return new Tuning.Lora(adapters);
    }
    int width = kind.guidance() == Guidance.RANDOM ? 8 : WIDTH;
    Gate gate = Gate.create(kind.gate().get(), new GateSizes(width, 2, 2), 3, Device.CPU);
    GateInput input =
        switch (kind.guidance()) {
          case SEQUENCE -> new GateInput.SequenceEmbedding(guide);
          case PROMPT_MEAN -> new GateInput.PromptMean();
          case RANDOM -> new GateInput.RandomVector(6);
        };
    return new Tuning.Mixture(adapters, gate, input);
  }

  /** A model whose experts and gate say something. */
  public static PromptModel trained(Tokenizer tokenizer, Kind kind) {
    PromptModel model = fresh(tokenizer, kind);
    Torch.seed(11);
    Torch.noGrad(
        () -> {
          model
              .tuning()
              .adapterParameters()
              .forEach(
                  (name, weight) -> {
                    if (name.endsWith("lora_magnitude_vector")) {
                      weight.mulInPlace(Tensor.randn(weight.shape()).mul(0.2).add(1));
                    } else {
                      weight.normalInPlace(0, 0.1);
                    }
                  });
          model.tuning().gateParameters().values().forEach(weight -> weight.normalInPlace(0, 0.5));
        });
    return model;
  }

  /** Queries whose prompts differ in length. */
  public static List<Case> cases() {
    return List.of(
        Case.asked("u1", new int[] {3, 10, 6}, new int[] {0, 1, 2, 14, 13}),
        Case.asked("u2", new int[] {9}, new int[] {5, 4, 3, 7, 6}),
        Case.asked("u3", new int[] {1, 2, 8, 12, 15, 5, 11}, new int[] {9, 10, 0, 8, 6}));
  }

  /** All weights that training may change, as numbers. */
  public static List<float[]> weights(PromptModel model) {
    List<Tensor> all = new ArrayList<>(model.parameters().values());
    all.addAll(model.tuning().gateBuffers().values());
    return all.stream().map(tensor -> tensor.detach().toFloats()).toList();
  }
}
