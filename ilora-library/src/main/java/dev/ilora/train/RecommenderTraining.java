package dev.ilora.train;

import dev.ilora.RunContext;
import dev.ilora.data.Case;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.runs.TrainingCurve;
import dev.ilora.runs.TrainingPoint;
import dev.ilora.runs.ValidationCurve;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Trains a neural recommender: epochs over the training rows, a validation after each, an end where
 * nothing improves any more, and the weights of the epoch that did best. The same configuration and
 * rows give the same weights on the same number of threads, in one go or interrupted and taken up
 * again.
 *
 * <pre>{@code
 * var training = new RecommenderTraining("training SASRec", config, split, Device.CPU);
 * try (SequenceRecommender model = training.run(context).model()) {
 *   ...
 * }
 * }</pre>
 */
public final class RecommenderTraining {
  private static final int CHECKPOINT_SECONDS = 60;

  /** The entry of a recommender's provenance that says which checkpoints are its own. */
  private static final String FINGERPRINT = "trainingFingerprint";

  /** The file of a training's curve in the folder of its recommender. */
  public static final String CURVE = "curve.jsonl";

  /**
   * One pass over the training rows.
   *
   * @param epoch counted from 1
   * @param loss mean cross-entropy of the training rows, nats
   * @param learningRate of its last step
   * @param validationHitRate HR@1 of the validation rows among the target and 19 random items, in
   *     expectation over all draws
   * @param seconds time of the pass, validation included
   */
  public record Epoch(
      int epoch, double loss, double learningRate, double validationHitRate, double seconds) {

    private Map<String, Double> values() {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put(TrainingPoint.EPOCH, (double) epoch);
      values.put(TrainingPoint.LOSS, loss);
      values.put(TrainingPoint.LEARNING_RATE, learningRate);
      values.put(TrainingPoint.VALIDATION_HIT_RATE, validationHitRate);
      return values;
    }
  }

  /**
   * A trained model.
   *
   * @param model with the weights of the best epoch; the caller closes it
   * @param bestEpoch counted from 1
   * @param epochs all epochs trained
   * @param remarks what somebody should know who would use the model, in sentences
   */
  public record Result(
      SequenceRecommender model, int bestEpoch, List<Epoch> epochs, List<String> remarks) {
    /** The epoch whose weights the model has. */
    public Epoch best() {
      return epochs.get(bestEpoch - 1);
    }
  }

  private final String name;
  private final RecommenderConfig config;
  private final Architecture architecture;
  private final TrainingCases rows;
  private final Validation validation;
  private final Device device;

  /**
   * A training on a split's training rows that chooses the epoch on all its validation rows.
   *
   * @param name shown while it runs
   * @throws IllegalArgumentException if no row has a history
   */
  public RecommenderTraining(String name, RecommenderConfig config, Split split, Device device) {
    this(
        name,
        config,
        split.dataset().itemCount(),
        split.trainRows(1),
        split.rows(Part.VALID, Positions.EVERY, 1),
        device);
  }

  /**
   * A training on given rows; rows without history are left out.
   *
   * @param name shown while it runs
   * @param itemCount size of the catalogue
   * @param train rows to learn
   * @param valid rows of other users or later positions, to choose the epoch
   * @throws IllegalArgumentException if no row has a history or an item is unknown
   */
  public RecommenderTraining(
      String name,
      RecommenderConfig config,
      int itemCount,
      List<Case> train,
      List<Case> valid,
      Device device) {
    this.name = name;
    this.config = config;
    this.device = device;
    architecture = config.architecture(itemCount);
    rows = new TrainingCases(train, architecture);
    validation = new Validation(valid, train);
    requireRows("training", rows.size());
    requireRows("validation", validation.size());
  }

  private static void requireRows(String what, int count) {
    if (count == 0) {
      throw new IllegalArgumentException("no " + what + " row has a history");
    }
  }

  /**
   * Trains and keeps nothing.
   *
   * @throws TrainingDivergedException if the loss is not a number or exploded
   * @throws dev.ilora.InterruptedRunException if the user stopped it
   */
  public Result run(RunContext context) {
    return run(context, Optional.empty(), Optional.empty());
  }

  /**
   * Trains into a folder, where the curve grows with every epoch and the recommender is put at the
   * end. Checkpoints lie beside the folder until then; a training that was interrupted goes on from
   * them.
   *
   * @param fingerprint identifies what is trained on what; checkpoints with another one are refused
   * @param provenance kept with the recommender, and the settings and figures of the training too
   * @throws TrainingDivergedException if the loss is not a number or exploded
   * @throws dev.ilora.InterruptedRunException if the user stopped it; a checkpoint was written
   * @throws dev.ilora.BadInputException if the newest checkpoint is of another training or damaged
   */
  public Result run(
      RunContext context, Path folder, String fingerprint, Map<String, ?> provenance) {
    var checkpoints = new Checkpoints(checkpoints(folder), fingerprint);
    var curve = new TrainingCurve(folder.resolve(CURVE));
    Map<String, Object> all = new LinkedHashMap<>(provenance);
    all.put(FINGERPRINT, fingerprint);
    Result result;
    try (var _ = checkpoints.onTheirThreads()) {
      result = run(context, Optional.of(checkpoints), Optional.of(curve));
      result.model().save(folder, withFigures(all, result));
    }
    checkpoints.delete();
    return result;
  }

  /**
   * Deletes the checkpoints of the training that made a recommender, which a process that was
   * killed in its last moment leaves. Those of another training into the same folder stay. For
   * whoever has the lock of the folder.
   */
  public static void clear(Path folder) {
    RecommenderOrigin.entry(folder, FINGERPRINT)
        .map(fingerprint -> new Checkpoints(checkpoints(folder), fingerprint))
        .filter(Checkpoints::fit)
        .ifPresent(Checkpoints::delete);
  }

  /** Where the checkpoints of a training into a folder lie. */
  public static Path checkpoints(Path folder) {
    return folder.resolveSibling(folder.getFileName() + "-checkpoints");
  }

  private Map<String, Object> withFigures(Map<String, ?> provenance, Result result) {
    Map<String, Object> all = new LinkedHashMap<>(provenance);
    all.put("training", config);
    all.put("threads", Torch.threads());
    all.put("bestEpoch", result.bestEpoch());
    all.put("validationHr@1Of20", result.best().validationHitRate());
    all.put("seconds", result.epochs().stream().mapToDouble(Epoch::seconds).sum());
    return all;
  }

  private Result run(
      RunContext context, Optional<Checkpoints> checkpoints, Optional<TrainingCurve> curve) {
    var model = SequenceRecommender.create(architecture, config.seed(), device);
    try (var task = new RecommenderTask(name, config, rows, validation, model, context.clock())) {
      Epochs epochs = task.epochs();
      Consumer<Trainer.Step> log =
          step -> {
            if (task.endsEpoch(step.step())) {
              curve.ifPresent(file -> file.write(points(epochs.all(), task.stepsAnEpoch())));
            }
          };
      new Trainer(trainerConfig(task.steps()), config.seed(), checkpoints, log, context).run(task);
      epochs.restoreBest();
      return new Result(model, epochs.best(), epochs.all(), remarks(epochs.all()));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private List<String> remarks(List<Epoch> epochs) {
    return ValidationCurve.of(points(epochs, 1), validation.chance(architecture.itemCount()))
        .stream()
        .flatMap(curve -> curve.remarks().stream())
        .toList();
  }

  private static List<TrainingPoint> points(List<Epoch> epochs, int stepsAnEpoch) {
    return epochs.stream()
        .map(epoch -> new TrainingPoint((long) epoch.epoch() * stepsAnEpoch, epoch.values()))
        .toList();
  }

  private TrainerConfig trainerConfig(long steps) {
    return new TrainerConfig(
        steps,
        config.learningRate(),
        config.warmupFraction(),
        config.floor(),
        Double.POSITIVE_INFINITY,
        CHECKPOINT_SECONDS);
  }
}
