package dev.ilora.experiment;

import dev.ilora.config.Config;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.machine.PeakMemory;
import dev.ilora.runs.RunFolder;
import dev.ilora.tensor.Device;
import dev.ilora.train.PassPlan;
import dev.ilora.train.StepEstimate;
import dev.ilora.train.TrainingSettings;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Decides how many rows pass at once where a recipe leaves it open: as many as usual if they fit
 * into memory, or else as many as do. A run keeps what was decided in its recipe, because another
 * number gives other last bits.
 */
final class PassChoice {
  /** The share of the free memory that passes may take: others need some, too. */
  private static final double SHARE = 0.8;

  /** Moments of the optimiser and best values so far: what is to come, of each trained value. */
  private static final int COPIES = 3;

  private static final double MIB = 1024.0 * 1024;

  private final TrainingSettings settings;
  private final PromptModel model;
  private final LongestExamples longest;

  PassChoice(TrainingSettings settings, PromptModel model, LongestExamples longest) {
    this.settings = settings;
    this.model = model;
    this.longest = longest;
  }

  /**
   * What a run begins with: its own decision where it has begun to work, and the usual where
   * nothing is left open or nothing is passed. Whoever calls has the run's lock.
   */
  static Recipe begun(Recipe recipe, RunFolder own) {
    if (!isOpen(recipe)) {
      return recipe.with(recipe.training().passes());
    }
    Optional<PassPlan> kept = kept(own);
    if (kept.isPresent() && own.holdsWork()) {
      // What is asked for now stays, so that it is refused by name where it differs.
      boolean checkpoint =
          recipe.training().checkpointActivations().orElse(kept.get().checkpoint());
      return recipe.with(new PassPlan(kept.get().rows(), checkpoint));
    }
    // Ended before its first checkpoint: perhaps because of what was decided, which is open again.
    if (kept.isPresent() && yaml(recipe.with(kept.get())).equals(own.recipe())) {
      own.writeRecipe(yaml(recipe));
    }
    return recipe;
  }

  private static String yaml(Recipe recipe) {
    return Config.yaml(recipe.absolute());
  }

  /** Whether the number of rows is to be decided before the first step. */
  static boolean isOpen(Recipe recipe) {
    return recipe.method().adapts() && recipe.training().microBatch().isEmpty();
  }

  /** What was decided for a run, where that is so. */
  static Optional<PassPlan> kept(RunFolder run) {
    return BaseDtype.kept(run.path())
        .map(Recipe::training)
        .filter(settings -> settings.microBatch().isPresent())
        .map(TrainingSettings::passes);
  }

  /**
   * Decides; says so where passes were measured.
   *
   * @param free bytes of memory; the usual is decided where that is not known
   */
  PassPlan decide(OptionalLong free, Consumer<String> remark) {
    PassPlan usual = settings.passes();
    if (free.isEmpty()
        || !model.device().equals(Device.CPU)
        || bound() <= room(free.getAsLong())
        || PeakMemory.begin().isEmpty()) {
      return usual;
    }
    long room = room(free.getAsLong());
    int most = most(usual);
    PassPlan found = largest(most, room);
    PassPlan decided =
        found.rows() == most ? new PassPlan(usual.rows(), found.checkpoint()) : found;
    remark.accept(
        String.format(
            Locale.ROOT,
            "training.microBatch=%s training.checkpointActivations=%s (as measured; %.0f MiB are"
                + " free, of which passes may take %.0f MiB)",
            decided.rows(),
            decided.checkpoint(),
            free.getAsLong() / MIB,
            Math.max(0, room) / MIB));
    return decided;
  }

  private PassPlan largest(int most, long room) {
    int threads = longest.threads();
    if (settings.checkpointActivations().isEmpty()) {
      return threads * least() > room
          ? PassPlan.checkpointed(threads, most, room, this::measure)
          : PassPlan.largest(threads, most, room, this::measure);
    }
    return settings.checkpointActivations().get()
        ? PassPlan.checkpointed(threads, most, room, this::measure)
        : PassPlan.remembered(threads, most, room, this::measure);
  }

  private StepEstimate measure(int threads, int most, boolean checkpoint) {
    return StepEstimate.measure(model, longest.examples(), threads, most, checkpoint)
        .orElseThrow(PeakMemory::unknown);
  }

  /** Rows that a thread has in a step at the most. */
  private int most(PassPlan usual) {
    return Math.min(usual.rows(), Math.ceilDiv(settings.batch(), longest.threads()));
  }

  /** Bytes that passes may take: what validations will keep is to come, too. */
  private long room(long free) {
    long values = model.parameters().values().stream().mapToLong(p -> p.numel()).sum();
    return (long) (SHARE * free) - COPIES * Float.BYTES * values - model.llama().decodingBytes();
  }

  /**
   * Bytes that a row surely takes where layers are remembered, so that it is not tried where it
   * cannot fit: what enters and leaves the products of each layer.
   */
  private long least() {
    LlamaConfig config = model.llama().config();
    long token = 6L * config.hiddenSize() + 3L * config.intermediateSize();
    return (long) longest.tokens() * config.layers() * token * model.llama().dtype().bytes();
  }

  /**
   * Bytes that passes surely do not exceed: several times what they take. So small models, of which
   * this fits anywhere, begin at once.
   */
  private long bound() {
    LlamaConfig config = model.llama().config();
    long tokens = 2L * longest.tokens();
    long layer =
        16L * config.hiddenSize() + 8L * config.intermediateSize() + config.heads() * tokens;
    long row = tokens * (config.layers() * layer + config.vocabularySize());
    return Float.BYTES * row * most(settings.passes()) * longest.threads();
  }
}
