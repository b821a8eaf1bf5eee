package dev.ilora.experiment;

import dev.ilora.Printable;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.GateConfig;
import dev.ilora.adapter.Guidance;
import dev.ilora.adapter.LoraForm;
import dev.ilora.adapter.Projection;
import dev.ilora.config.Above;
import dev.ilora.config.AtLeast;
import dev.ilora.config.AtMost;
import dev.ilora.config.Below;
import dev.ilora.config.Default;
import dev.ilora.data.Positions;
import dev.ilora.data.SplitRule;
import dev.ilora.evaluate.Protocol;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.llm.WeightForm;
import dev.ilora.prompt.ChatUse;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Method;
import dev.ilora.tensor.DType;
import dev.ilora.train.PassPlan;
import dev.ilora.train.TrainingSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that decides a run: the single source of truth, kept with its results.
 *
 * @param method what is trained and evaluated
 * @param name what tables and reports call it, and its run folders after it; the method's own where
 *     absent. Recipes of one method in one study need different names
 * @param data dataset folder, as made by {@code ilora data import}
 * @param seed every random choice of the run depends on it
 * @param seeds how many runs a study makes of it, with this seed and those above it; the study's
 *     own number where absent
 * @param device {@code cpu} or {@code cuda:N}
 * @param rows what is learned from and evaluated on
 * @param recommender the sequence recommender: the method itself, or the one that guides
 * @param llm the language model
 * @param prompt how a user is put into words
 * @param adapter what is added to the language model
 * @param training how the adapter is trained
 * @param evaluation how candidates are ranked
 */
public record Recipe(
    Method method,
    Optional<String> name,
    Path data,
    @Default("1") @AtLeast(-dev.ilora.Randomness.MOST_SEED) @AtMost(dev.ilora.Randomness.MOST_SEED)
        long seed,
    @AtLeast(1) @AtMost(1000) Optional<Integer> seeds,
    @Default("cpu") String device,
    Rows rows,
    RecommenderSettings recommender,
    BaseSettings llm,
    PromptSettings prompt,
    AdapterSettings adapter,
    TrainingSettings training,
    EvaluationSettings evaluation) {

  /** Refuses a name no folder can have, and settings that contradict the method. */
  public Recipe {
    name.ifPresent(Recipe::requireName);
    boolean textOnly = prompt.embeddings() == ItemEmbeddings.NONE && !prompt.userSlot();
    if ((method == Method.TALLREC || method == Method.ZERO_SHOT) && !textOnly) {
      throw new IllegalArgumentException(
          "method %s asks in text only: prompt.embeddings must be none and prompt.userSlot false"
              .formatted(method.label()));
    }
    if ((method == Method.LLARA || method == Method.ILORA) && textOnly) {
      throw new IllegalArgumentException(
          "method %s asks with embeddings: prompt.embeddings must not be none, or prompt.userSlot true"
              .formatted(method.label()));
    }
    if (method != Method.ILORA && adapter.experts() != 1) {
      throw new IllegalArgumentException(
          "method %s has one expert: adapter.experts must be 1, not %s"
              .formatted(method.label(), adapter.experts()));
    }
  }

  /**
   * What is learned from and evaluated on.
   *
   * @param split rule that cuts the data: {@code users-by-time}, {@code leave-one-out}, {@code
   *     cut-off:VALID_FROM,TEST_FROM} or {@code given}; a cut is a date such as {@code 2024-05-01},
   *     a time such as {@code 2024-05-01T18:30} (UTC) or {@code 2024-05-01T18:30+02:00}, or seconds
   *     since 1970
   * @param history the most history items of a row
   * @param minHistory the fewest
   * @param positions which positions of held-out users are evaluated
   * @param paperRows whether the papers' rows, the last position of each test user, are evaluated
   *     as well, on frozen candidates of their own; a fixed sample where there are more than {@code
   *     testRows}
   * @param testRows size of the fixed sample of test rows; all where there are fewer
   * @param validRows size of the fixed sample of validation rows
   * @param candidates items ranked in a row, the target included
   * @param candidateSeed seed of samples and candidates, the same for all methods and run seeds
   */
  public record Rows(
      @Default("users-by-time") String split,
      @Default("10") @AtLeast(1) @AtMost(Architecture.MOST_HISTORY) int history,
      @Default("3") @AtLeast(1) @AtMost(Architecture.MOST_HISTORY) int minHistory,
      @Default("every") Positions positions,
      @Default("false") boolean paperRows,
      @Default("2000") @AtLeast(1) @AtMost(1_000_000_000) int testRows,
      @Default("400") @AtLeast(1) @AtMost(1_000_000_000) int validRows,
      @Default("20") @AtLeast(2) @AtMost(1_000_000) int candidates,
      @Default("1")
          @AtLeast(-dev.ilora.Randomness.MOST_SEED)
          @AtMost(dev.ilora.Randomness.MOST_SEED)
          long candidateSeed) {

    /** Refuses unknown splits, histories that no row can have and the same rows twice. */
    public Rows {
      boolean last =
          positions == Positions.LAST || SplitRule.parse(split) instanceof SplitRule.LeaveOneOut;
      if (paperRows && last) {
        throw new IllegalArgumentException(
            "paperRows: with split %s and positions %s every test row is its user's last already"
                .formatted(split, positions.name().toLowerCase(Locale.ROOT)));
      }
      if (minHistory > history) {
        throw new IllegalArgumentException(
            "minHistory %s is above history %s: no row is left".formatted(minHistory, history));
      }
    }

    /** These rows with those of a set as the test rows. */
    Rows of(CaseSet set) {
      return switch (set) {
        case TEST -> this;
        case PAPER ->
            new Rows(
                split,
                history,
                minHistory,
                Positions.LAST,
                false,
                testRows,
                validRows,
                candidates,
                candidateSeed);
      };
    }

    /** Which rows a run is evaluated on. */
    public List<CaseSet> sets() {
      return paperRows ? List.of(CaseSet.TEST, CaseSet.PAPER) : List.of(CaseSet.TEST);
    }
  }

  /**
   * The sequence recommender. Some defaults fit the amount of data. Data are small here where 10
   * epochs of batches of 512 would be fewer than 1,000 steps. A key changes nothing but itself.
   * What was decided is said when a training begins, and kept in {@code recommender.json}.
   *
   * @param path folder of a trained one to use; trained here where absent
   * @param epochs most passes over the training rows; 10 where absent, on small data up to 60
   * @param batch rows a step; 512 where absent, on small data 64
   * @param learningRate peak rate; where absent 0.008 for SASRec and 0.004 for GRU4Rec and Caser,
   *     on small data half of that
   * @param dropout share of values dropped; 0.4 where absent
   * @param width of an item's embedding; 64 where absent
   * @param warmUp share of the steps in which the rate rises; 0.05 where absent
   * @param floor share of the peak the rate ends at; 0.01 where absent
   * @param weightDecay factor of the L2 penalty; 0.000001 where absent
   * @param patience epochs without a better validation figure before training stops; 3 where
   *     absent, on small data a sixth of the default epochs
   */
  public record RecommenderSettings(
      Optional<Path> path,
      @AtLeast(1) @AtMost(RecommenderConfig.MOST_EPOCHS) Optional<Integer> epochs,
      @AtLeast(1) @AtMost(RecommenderConfig.MOST_BATCH) Optional<Integer> batch,
      @Above(0) @AtMost(RecommenderConfig.MOST_RATE) Optional<Double> learningRate,
      @AtLeast(0) @Below(1) Optional<Double> dropout,
      @AtLeast(1) @AtMost(Architecture.MOST_WIDTH) Optional<Integer> width,
      @AtLeast(0) @Below(1) Optional<Double> warmUp,
      @AtLeast(0) @AtMost(1) Optional<Double> floor,
      @AtLeast(0) @AtMost(1) Optional<Double> weightDecay,
      @AtLeast(1) @AtMost(RecommenderConfig.MOST_EPOCHS) Optional<Integer> patience) {

    private RecommenderSettings absolute() {
      return new RecommenderSettings(
          path.map(Recipe::absolute),
          epochs,
          batch,
          learningRate,
          dropout,
          width,
          warmUp,
          floor,
          weightDecay,
          patience);
    }

    /**
     * The network's defaults for the amount of data, changed by what is set here.
     *
     * @param rows training rows
     */
    public RecommenderConfig config(
        Architecture.Model model, int historyLength, long seed, long rows) {
      RecommenderConfig usual = RecommenderConfig.defaults(model, historyLength, seed, rows);
      return new RecommenderConfig(
          model,
          width.orElse(usual.width()),
          usual.historyLength(),
          epochs.orElse(usual.epochs()),
          batch.orElse(usual.batchSize()),
          learningRate.orElse(usual.learningRate()),
          warmUp.orElse(usual.warmupFraction()),
          floor.orElse(usual.floor()),
          weightDecay.orElse(usual.weightDecay()),
          dropout.orElse(usual.dropout()),
          patience.orElse(usual.patience()),
          usual.seed());
    }
  }

  /**
   * The language model.
   *
   * @param path a Hugging Face folder, a GGUF file, or {@code ilora-base}, which comes with ilora
   * @param dtype type its frozen weights are multiplied in; adapters, gate and projectors are fp32
   *     always. {@code auto}: the faster one, measured when a run begins, or that of the other runs
   *     of the same model in the workspace
   * @param weights form its frozen matrices are held in; a layer is computed in {@code dtype} from
   *     it whenever it is used. {@code asis}: as the file stores them, which takes the least
   *     memory. {@code int8}, {@code q4-0} and {@code nf4} round them when they are loaded. In
   *     {@code dtype} where absent, which is fastest
   */
  public record BaseSettings(
      @Default("ilora-base") Path path,
      @Default("auto") Precision dtype,
      Optional<WeightForm> weights) {

    /** Types of frozen weights. */
    public enum Precision {
      /** 32 bits. */
      FP32(DType.F32),
      /** 16 bits with the range of 32: twice as fast or more on processors that multiply them. */
      BF16(DType.BF16),
      /**
       * The one that is measured to be faster when a run begins; that of the runs of the same model
       * beside it, where there are some.
       */
      AUTO(null);

      private final DType type;

      Precision(DType type) {
        this.type = type;
      }
    }

    /** The type to load the weights in. */
    DType type() {
      if (dtype == Precision.AUTO) {
        throw new IllegalStateException("llm.dtype is decided when a run begins");
      }
      return dtype.type;
    }
  }

  /**
   * How a user is put into words.
   *
   * @param template name of a built-in template or path of a file
   * @param embeddings how item embeddings stand in the prompt
   * @param vectors which of the recommender's two vectors of an item
   * @param userSlot whether the user's sequence embedding has a slot in the prompt
   * @param leastSeen items that training chose fewer times have no vector in prompts: it would say
   *     nothing but how the recommender's weights began
   * @param vectorSize how large projected vectors begin, as a multiple of token embeddings: large
   *     ones that are added to titles drown the words. Where absent 0.2 if they are added to titles
   *     by a projector that was not taught with the language model, as ilora-base's was; otherwise
   *     1
   * @param chat whether prompts are put as the language model's chat template puts what a user
   *     says: {@code auto}, where it has one, or {@code never}
   */
  public record PromptSettings(
      @Default("item-short") String template,
      @Default("none") ItemEmbeddings embeddings,
      @Default("input") ItemVectors vectors,
      @Default("false") boolean userSlot,
      @Default("0") @AtLeast(0) @AtMost(1_000_000) int leastSeen,
      @Above(0) @AtMost(1_000) Optional<Double> vectorSize,
      @Default("auto") ChatUse chat) {

    /** Whether the template is in a file and not a built-in one. */
    boolean ownTemplate() {
      return template.contains("/") || template.contains(".");
    }

    private PromptSettings absolute() {
      return ownTemplate()
          ? new PromptSettings(
              Recipe.absolute(Path.of(template)).toString(),
              embeddings,
              vectors,
              userSlot,
              leastSeen,
              vectorSize,
              chat)
          : this;
    }
  }

  /**
   * What is added to the language model.
   *
   * @param experts number of experts; 1 is plain LoRA
   * @param rank total rank, divided equally
   * @param ranks rank of each expert, in place of an equal division; empty for equal
   * @param alpha an expert of rank R is scaled by alpha / R, or with {@code rslora} by alpha / √R
   * @param rslora rank-stabilised LoRA: the scale that lets high ranks learn as fast as low ones
   * @param dora DoRA: each row of an adapted matrix has a trained length beside its direction; a
   *     mixture shares the lengths
   * @param virtualTokens prompt tuning: that many learned vectors stand before every prompt, in
   *     place of all low-rank updates; 0 for none
   * @param prefixTokens prefix tuning: in every layer that many learned keys and values stand
   *     before those of every prompt, in place of all low-rank updates; 0 for none
   * @param dropout share of the adapters' inputs dropped in training
   * @param targets adapted projections of every layer
   * @param gate what weighs the experts, where there are several
   * @param guidance what the gate looks at
   */
  public record AdapterSettings(
      @Default("1") @AtLeast(1) @AtMost(AdapterConfig.MAX_EXPERTS) int experts,
      @Default("16") @AtLeast(1) @AtMost(AdapterConfig.MAX_RANK) int rank,
      @Default("[]") @AtLeast(1) @AtMost(AdapterConfig.MAX_RANK) List<Integer> ranks,
      @Default("32") @Above(0) @AtMost(AdapterConfig.MAX_ALPHA) double alpha,
      @Default("false") boolean rslora,
      @Default("false") boolean dora,
      @Default("0") @AtLeast(0) @AtMost(1_024) int virtualTokens,
      @Default("0") @AtLeast(0) @AtMost(1_024) int prefixTokens,
      @Default("0") @AtLeast(0) @Below(1) double dropout,
      @Default("[q-proj, k-proj, v-proj, o-proj, gate-proj, up-proj, down-proj]")
          List<Projection> targets,
      @Default("linear") GateConfig gate,
      @Default("sequence") Guidance guidance) {

    /** Refuses ranks that do not divide, a gate that keeps too many and adapters of nothing. */
    public AdapterSettings {
      if (targets.isEmpty()) {
        throw new IllegalArgumentException("targets is empty: name at least one projection");
      }
      if (virtualTokens > 0 && prefixTokens > 0) {
        throw new IllegalArgumentException(
            "virtualTokens and prefixTokens exclude each other: leave one of them at 0");
      }
      if (prefixTokens > 0 && (experts > 1 || rslora || dora || dropout > 0)) {
        throw new IllegalArgumentException(
            "prefixTokens stand in place of low-rank updates: experts must be 1, rslora and dora"
                + " false, dropout 0");
      }
      if (virtualTokens > 0 && (experts > 1 || rslora || dora || dropout > 0)) {
        throw new IllegalArgumentException(
            "virtualTokens stand in place of low-rank updates: experts must be 1, rslora and dora"
                + " false, dropout 0");
      }
      gate.kept(experts);
      if (ranks.isEmpty() ? rank % experts != 0 : ranks.size() != experts) {
        throw new IllegalArgumentException(
            ranks.isEmpty()
                ? "rank %s does not divide into %s experts".formatted(rank, experts)
                : "ranks names %s experts, experts is %s".formatted(ranks.size(), experts));
      }
    }

    /** Slots before every prompt for what is learned there. */
    int slots() {
      return virtualTokens + prefixTokens;
    }

    AdapterConfig config() {
      var chosen = java.util.EnumSet.copyOf(targets);
      AdapterConfig plain =
          ranks.isEmpty()
              ? AdapterConfig.mixture(chosen, experts, rank, alpha, dropout)
              : new AdapterConfig(chosen, ranks, alpha, dropout);
      return plain.in(new LoraForm(rslora, dora));
    }
  }

  /**
   * How candidates are ranked.
   *
   * @param protocol what decides the ranking
   * @param batch rows of one forward pass
   * @param samples example cases kept with what the method said
   */
  public record EvaluationSettings(
      @Default("likelihood") Protocol.OfText protocol,
      @Default("16") @AtLeast(1) @AtMost(65_536) int batch,
      @Default("12") @AtLeast(0) @AtMost(1_000_000) int samples) {}

  /** Characters of a recipe's name. A file system takes 255 for a folder, which adds its seed. */
  private static final int LONGEST_NAME = 100;

  private static void requireName(String name) {
    if (name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "name '%s...': %s characters; at most %s, because run folders are called by it"
              .formatted(
                  Printable.text(name.substring(0, name.offsetByCodePoints(0, 20))),
                  name.length(),
                  LONGEST_NAME));
    }
    if (slug(name).isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "name '%s': expected one line with a letter from a to z or a digit"
              .formatted(Printable.text(name)));
    }
  }

  private static String slug(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }

  /** What tables call this recipe: its name, or else its method's. */
  public String label() {
    return name.orElse(method.label());
  }

  /** What is being done to the run, for people: "training iLoRA (seed 1)". */
  public String doing(String what) {
    return "%s %s (seed %s)".formatted(what, label(), seed);
  }

  /** What its run folders are called, before their seed. */
  public String folderName() {
    return name.map(Recipe::slug).orElse(method.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** This recipe with another type of frozen weights. */
  Recipe with(BaseSettings.Precision dtype) {
    return copy(seed, seeds, new BaseSettings(llm.path(), dtype, llm.weights()), training);
  }

  /** This recipe with the way of passing rows decided. */
  Recipe with(PassPlan passes) {
    return copy(seed, seeds, llm, training.with(passes));
  }

  /** This recipe with matrices of the language model held in another form. */
  Recipe with(WeightForm form) {
    BaseSettings held = new BaseSettings(llm.path(), llm.dtype(), Optional.of(form));
    return copy(seed, seeds, held, training);
  }

  /**
   * This recipe with whole paths, so that a run that keeps it does not depend on the folder its
   * process happened to work in.
   */
  Recipe absolute() {
    boolean builtIn = llm.path().equals(BaseModels.OURS) && !Files.exists(llm.path());
    return new Recipe(
        method,
        name,
        absolute(data),
        seed,
        seeds,
        device,
        rows,
        recommender.absolute(),
        builtIn ? llm : new BaseSettings(absolute(llm.path()), llm.dtype(), llm.weights()),
        prompt.absolute(),
        adapter,
        training,
        evaluation);
  }

  /** A whole path, whatever folder the process works in. */
  static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /**
   * One run of this recipe: with a seed, and without a number of them, so that the same run serves
   * studies of more seeds and of fewer.
   */
  public Recipe run(long runSeed) {
    return copy(runSeed, Optional.empty(), llm, training);
  }

  private Recipe copy(
      long otherSeed,
      Optional<Integer> otherSeeds,
      BaseSettings otherLlm,
      TrainingSettings otherTraining) {
    return new Recipe(
        method,
        name,
        data,
        otherSeed,
        otherSeeds,
        device,
        rows,
        recommender,
        otherLlm,
        prompt,
        adapter,
        otherTraining,
        evaluation);
  }
}
