package dev.ilora.train;

import dev.ilora.Counted;
import dev.ilora.Randomness;
import dev.ilora.machine.Workers;
import dev.ilora.nn.Adam;
import dev.ilora.nn.SharedWeights;
import dev.ilora.recommender.Dropout;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Teaches a neural recommender which item its users choose next: softmax cross-entropy over the
 * whole catalogue. All rows are visited once an epoch, in a new order; after each epoch the model
 * is validated. The same configuration and rows give the same weights.
 *
 * <p>On a CPU a batch is cut into micro-batches, whose tensors stay in a core's cache, and threads
 * share the micro-batches: operations as small as these are not worth dividing.
 */
final class RecommenderTask implements Task, AutoCloseable {
  private static final int MICRO_BATCH = 256;

  private final String name;
  private final RecommenderConfig config;
  private final TrainingCases rows;
  private final Validation validation;
  private final InstantSource clock;
  private final SequenceRecommender model;
  private final List<SequenceRecommender> workers = new ArrayList<>();
  private final Epochs epochs;
  private final int microBatch;
  private final int stepsAnEpoch;
  private Instant told;
  private int orderedEpoch;
  private int[] order = {};
  private String described = "";

  /**
   * @param name shown while it runs
   * @param model to train; stays the caller's
   * @param clock times the epochs
   */
  RecommenderTask(
      String name,
      RecommenderConfig config,
      TrainingCases rows,
      Validation validation,
      SequenceRecommender model,
      InstantSource clock) {
    this.name = name;
    this.config = config;
    this.rows = rows;
    this.validation = validation;
    this.model = model;
    this.clock = clock;
    boolean cpu = model.device().equals(Device.CPU);
    microBatch = cpu ? MICRO_BATCH : config.batchSize();
    int threads = cpu ? Math.min(Torch.threads(), microBatches(config.batchSize())) : 1;
    workers.add(model);
    while (workers.size() < threads) {
      workers.add(model.shadow());
    }
    stepsAnEpoch = Math.ceilDiv(rows.size(), config.batchSize());
    epochs = new Epochs(rows.size(), config.epochs(), config.patience(), model);
    told = clock.instant();
  }

  /** The most steps the task has; it is finished earlier where nothing improves any more. */
  long steps() {
    return (long) config.epochs() * stepsAnEpoch;
  }

  /** Steps of an epoch. */
  int stepsAnEpoch() {
    return stepsAnEpoch;
  }

  /** The epochs so far. */
  Epochs epochs() {
    return epochs;
  }

  private int microBatches(int rows) {
    return Math.ceilDiv(rows, microBatch);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Adam.Group> groups() {
    return List.of(new Adam.Group(model.name(), model.weights(), 1, config.weightDecay()));
  }

  @Override
  public Adam.Options optimiser() {
    return Adam.Options.plain();
  }

  @Override
  public Map<String, Tensor> buffers() {
    return epochs.state();
  }

  @Override
  public StepLoss accumulate(long step) {
    orderFor(epochOf(step));
    int from = firstRow(step);
    int to = from + rowsOf(step);
    double loss = Workers.sum(workers.size(), worker -> accumulate(worker, step, from, to));
    shadows().forEach(shadow -> SharedWeights.gather(shadow.weights(), model.weights()));
    return new StepLoss(loss, to - from);
  }

  @Override
  public void afterUpdate(Trainer.Step report) {
    long step = report.step() - 1;
    int epoch = epochOf(step);
    epochs.add(epoch, report.loss(), rowsOf(step), report.learningRate(), lap());
    if (endsEpoch(report.step())) {
      double hitRate = validation.hitRate(model);
      epochs.addSeconds(epoch, lap());
      epochs.end(epoch, hitRate);
    }
  }

  /** Whether an epoch ended with so many steps. */
  boolean endsEpoch(long done) {
    return done % stepsAnEpoch == 0;
  }

  @Override
  public boolean isFinished(long done) {
    return endsEpoch(done) && epochs.areExhausted();
  }

  @Override
  public String detail(Trainer.Step report, double smoothedLoss) {
    if (endsEpoch(report.step()) || described.isEmpty()) {
      described = validated();
    }
    return String.format(
        Locale.ROOT,
        "epoch %s of %s, loss %.3f%s%s",
        epochOf(report.step() - 1),
        config.epochs(),
        smoothedLoss,
        described,
        stopped(report.step()));
  }

  /** Why it ends before its last epoch; empty where it goes on, or has had all of them. */
  private String stopped(long done) {
    return done < steps() && isFinished(done)
        ? ", stopped: no better validation in %s".formatted(Counted.of(config.patience(), "epoch"))
        : "";
  }

  private String validated() {
    if (epochs.ended() == 0) {
      return "";
    }
    RecommenderTraining.Epoch best = epochs.of(epochs.best());
    return String.format(
        Locale.ROOT,
        ", best validation HR@1 %.3f (epoch %s)",
        best.validationHitRate(),
        best.epoch());
  }

  /** Seconds since this was last asked. */
  private double lap() {
    Instant now = clock.instant();
    double seconds = Duration.between(told, now).toNanos() / 1e9;
    told = now;
    return seconds;
  }

  private int epochOf(long step) {
    return Math.toIntExact(step / stepsAnEpoch) + 1;
  }

  private int firstRow(long step) {
    return (int) (step % stepsAnEpoch) * config.batchSize();
  }

  private int rowsOf(long step) {
    return Math.min(rows.size() - firstRow(step), config.batchSize());
  }

  private List<SequenceRecommender> shadows() {
    return workers.subList(1, workers.size());
  }

  private void orderFor(int epoch) {
    if (epoch != orderedEpoch) {
      order = Randomness.order(rows.size(), random(epoch));
      orderedEpoch = epoch;
    }
  }

  /** The random numbers of one epoch's order, or of one micro-batch's dropout. */
  private SplittableRandom random(long number) {
    return new SplittableRandom(Randomness.recommenderSeed(config.seed(), number));
  }

  /** Every so many-th micro-batch of a batch, on one worker's weights; returns their loss. */
  private double accumulate(int worker, long step, int from, int to) {
    double loss = 0;
    for (int part = worker; part < microBatches(to - from); part += workers.size()) {
      int start = from + part * microBatch;
      int end = Math.min(to, start + microBatch);
      // Each micro-batch has a dropout stream of its own, whatever ran before it.
      var random = random(-1 - step * microBatches(config.batchSize()) - part);
      loss += accumulate(workers.get(worker), start, end, to - from, random);
    }
    return loss;
  }

  /** Adds the gradients of a batch's rows from start to end-1; returns their share of its loss. */
  private double accumulate(
      SequenceRecommender network, int start, int end, int batchRows, SplittableRandom random) {
    try (var _ = Scope.open()) {
      Device device = network.device();
      Tensor z =
          network.sequenceEmbedding(
              rows.batch(order, start, end, device), new Dropout(config.dropout(), random));
      Tensor loss =
          Layers.crossEntropy(network.itemLogits(z), rows.targets(order, start, end, device))
              .mul((double) (end - start) / batchRows);
      loss.backward();
      return loss.item();
    }
  }

  /** Frees everything but the model. */
  @Override
  public void close() {
    shadows().forEach(SequenceRecommender::close);
    epochs.close();
  }
}
