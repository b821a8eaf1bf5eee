package dev.ilora.train;

import dev.ilora.Randomness;
import dev.ilora.data.Case;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import dev.ilora.machine.Workers;
import dev.ilora.nn.Adam;
import dev.ilora.nn.Schedule;
import dev.ilora.nn.SharedWeights;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.Dropout;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Trains a neural recommender: softmax cross-entropy over the whole catalogue, Adam, and the
 * weights of the epoch that did best on validation rows. The same configuration, rows and number of
 * threads give the same weights.
 *
 * <p>On a CPU a batch is cut into micro-batches, whose tensors stay in a core's cache, and threads
 * share the micro-batches: operations as small as these are not worth dividing.
 */
public final class RecommenderTraining {
  private static final int MICRO_BATCH = 256;

  /**
   * One pass over the training rows.
   *
   * @param epoch counted from 1
   * @param loss mean cross-entropy of the training rows, nats
   * @param validationHitRate HR@1 of the validation rows among the target and 19 random items, in
   *     expectation over all draws
   * @param seconds time of the pass, validation included
   */
  public record Epoch(int epoch, double loss, double validationHitRate, double seconds) {}

  /**
   * A trained model.
   *
   * @param model with the weights of the best epoch; the caller closes it
   * @param bestEpoch counted from 1
   * @param epochs all epochs trained
   */
  public record Result(SequenceRecommender model, int bestEpoch, List<Epoch> epochs) {}

  private final RecommenderConfig config;
  private final TrainingCases rows;
  private final Validation validation;
  private final SequenceRecommender model;
  private final List<SequenceRecommender> workers = new ArrayList<>();
  private final int microBatch;
  private final Schedule schedule;
  private long step;

  private RecommenderTraining(
      RecommenderConfig config, int itemCount, List<Case> train, List<Case> valid, Device device) {
    this.config = config;
    Architecture architecture = config.architecture(itemCount);
    rows = new TrainingCases(train, architecture);
    validation = new Validation(valid, train);
    requireRows("training", rows.size());
    requireRows("validation", validation.size());
    model = SequenceRecommender.create(architecture, config.seed(), device);
    boolean cpu = device.equals(Device.CPU);
    microBatch = cpu ? MICRO_BATCH : config.batchSize();
    int threads = cpu ? Math.min(Torch.threads(), microBatches(config.batchSize())) : 1;
    workers.add(model);
    while (workers.size() < threads) {
      workers.add(model.shadow());
    }
    long steps = (long) config.epochs() * Math.ceilDiv(rows.size(), config.batchSize());
    schedule = Schedule.warmupCosine(steps, config.warmupFraction(), config.floor());
  }

  private int microBatches(int rows) {
    return Math.ceilDiv(rows, microBatch);
  }

  private static void requireRows(String what, int count) {
    if (count == 0) {
      throw new IllegalArgumentException("no " + what + " row has a history");
    }
  }

  /**
   * Trains a model on a split's training rows and chooses the epoch on all its validation rows.
   *
   * @throws IllegalArgumentException if no row has a history
   */
  public static Result train(
      RecommenderConfig config, Split split, Device device, Consumer<Epoch> progress) {
    return train(
        config,
        split.dataset().itemCount(),
        split.trainRows(1),
        split.rows(Part.VALID, Positions.EVERY, 1),
        device,
        progress);
  }

  /**
   * Trains a model; rows without history are left out.
   *
   * @param itemCount size of the catalogue
   * @param train rows to learn
   * @param valid rows of other users or later positions, to choose the epoch
   * @param progress told of every epoch
   * @throws IllegalArgumentException if no row has a history or an item is unknown
   * @throws IllegalStateException if the loss stops being a number
   */
  public static Result train(
      RecommenderConfig config,
      int itemCount,
      List<Case> train,
      List<Case> valid,
      Device device,
      Consumer<Epoch> progress) {
    return new RecommenderTraining(config, itemCount, train, valid, device).run(progress);
  }

  private Result run(Consumer<Epoch> progress) {
    List<Epoch> epochs = new ArrayList<>();
    Map<String, Tensor> best = new LinkedHashMap<>();
    int bestEpoch = 0;
    var group = new Adam.Group(model.name(), model.weights(), 1, config.weightDecay());
    try (var adam = new Adam(List.of(group), Adam.Options.plain())) {
      while (epochs.size() < config.epochs() && epochs.size() - bestEpoch < config.patience()) {
        epochs.add(epoch(epochs.size() + 1, adam));
        if (bestEpoch == 0 || hitRate(epochs, epochs.size()) > hitRate(epochs, bestEpoch)) {
          bestEpoch = epochs.size();
          keep(best);
        }
        progress.accept(epochs.getLast());
      }
    } finally {
      shadows().forEach(SequenceRecommender::close);
    }
    restore(best);
    return new Result(model, bestEpoch, List.copyOf(epochs));
  }

  private List<SequenceRecommender> shadows() {
    return workers.subList(1, workers.size());
  }

  private static double hitRate(List<Epoch> epochs, int epoch) {
    return epochs.get(epoch - 1).validationHitRate();
  }

  private void keep(Map<String, Tensor> best) {
    best.values().forEach(Tensor::close);
    Torch.noGrad(() -> model.weights().forEach((name, t) -> best.put(name, t.detach().copy())));
  }

  private void restore(Map<String, Tensor> best) {
    model.weights().forEach((name, t) -> t.requiresGrad(false).copyInPlace(best.get(name)));
    best.values().forEach(Tensor::close);
  }

  private Epoch epoch(int number, Adam adam) {
    long start = System.nanoTime();
    var random = new SplittableRandom(Randomness.recommenderSeed(config.seed(), number));
    int[] order = Randomness.order(rows.size(), random);
    double loss = 0;
    for (int from = 0; from < order.length; from += config.batchSize()) {
      int to = Math.min(order.length, from + config.batchSize());
      loss += step(order, from, to, adam) * (to - from);
    }
    double hitRate = validation.hitRate(model);
    return new Epoch(number, loss / order.length, hitRate, (System.nanoTime() - start) / 1e9);
  }

  /** One update; returns the mean loss of its rows. */
  private double step(int[] order, int from, int to, Adam adam) {
    double loss = Workers.sum(workers.size(), worker -> accumulate(worker, order, from, to));
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException(
          "%s training diverged at step %d: the loss is %s; try a lower learning rate than %s"
              .formatted(model.name(), step, loss, config.learningRate()));
    }
    try (var _ = Scope.open()) {
      shadows().forEach(shadow -> SharedWeights.gather(shadow.weights(), model.weights()));
    }
    adam.step(config.learningRate() * schedule.factor(step++));
    adam.zeroGrad();
    return loss;
  }

  /** Every so many-th micro-batch of a batch, on one worker's weights; returns their loss. */
  private double accumulate(int worker, int[] order, int from, int to) {
    double loss = 0;
    for (int part = worker; part < microBatches(to - from); part += workers.size()) {
      int start = from + part * microBatch;
      int end = Math.min(to, start + microBatch);
      // Each micro-batch has a dropout stream of its own, whatever ran before it.
      long number = -1 - step * microBatches(config.batchSize()) - part;
      var random = new SplittableRandom(Randomness.recommenderSeed(config.seed(), number));
      loss += accumulate(workers.get(worker), order, start, end, to - from, random);
    }
    return loss;
  }

  /** Adds the gradients of a batch's rows from start to end-1; returns their share of its loss. */
  private double accumulate(
      SequenceRecommender network,
      int[] order,
      int start,
      int end,
      int batchRows,
      SplittableRandom random) {
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
}
