package dev.ilora.train;

import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.runs.ValidationCurve;
import dev.ilora.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The epochs of a training: what was measured in each, the weights of the best one, and when to
 * stop. All of it lies in tensors, which go into checkpoints as they are.
 */
final class Epochs implements AutoCloseable {
  private static final int LOSS_SUM = 0;
  private static final int LEARNING_RATE = 1;
  private static final int SECONDS = 2;
  private static final int HIT_RATE = 3;
  private static final int FIGURES = 4;
  private static final String MEASURED = "epochs";

  private final int rows;
  private final int patience;
  private final SequenceRecommender model;
  private final MeasuredFigures figures;
  private final BestWeights best;

  /**
   * @param rows training rows of an epoch
   * @param most epochs there can be
   * @param patience epochs without a better validation figure before training stops
   * @param model whose weights are kept
   */
  Epochs(int rows, int most, int patience, SequenceRecommender model) {
    this.rows = rows;
    this.patience = patience;
    this.model = model;
    figures = new MeasuredFigures(most, FIGURES, HIT_RATE);
    best = new BestWeights(model.weights());
  }

  /** Everything that a resumed training needs, by name. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put(MEASURED, figures.tensor());
    state.putAll(best.state());
    return state;
  }

  /**
   * Adds a step to its epoch.
   *
   * @param epoch from 1
   * @param meanLoss of the step's rows
   */
  void add(int epoch, double meanLoss, int stepRows, double learningRate, double seconds) {
    set(epoch, LOSS_SUM, get(epoch, LOSS_SUM) + meanLoss * stepRows);
    set(epoch, LEARNING_RATE, learningRate);
    addSeconds(epoch, seconds);
  }

  void addSeconds(int epoch, double seconds) {
    set(epoch, SECONDS, get(epoch, SECONDS) + seconds);
  }

  /** Ends an epoch with its validation figure; keeps the weights if it is the best so far. */
  void end(int epoch, double hitRate) {
    set(epoch, HIT_RATE, hitRate);
    if (best() == epoch) {
      best.keep();
    }
  }

  /** How many epochs have ended. */
  int ended() {
    return figures.measured();
  }

  /** Whether no epoch since the best one was better, as many times as patience lasts. */
  boolean areExhausted() {
    int ended = ended();
    return ended > 0 && ended - best() >= patience;
  }

  /** The epoch with the highest validation figure, the first of several; 1 where none has ended. */
  int best() {
    return 1 + ValidationCurve.best(ended(), place -> figures.get(place, HIT_RATE));
  }

  /** What was measured in an epoch that has ended. */
  RecommenderTraining.Epoch of(int epoch) {
    return new RecommenderTraining.Epoch(
        epoch,
        get(epoch, LOSS_SUM) / rows,
        get(epoch, LEARNING_RATE),
        get(epoch, HIT_RATE),
        get(epoch, SECONDS));
  }

  /** What was measured in all epochs that have ended. */
  List<RecommenderTraining.Epoch> all() {
    return IntStream.rangeClosed(1, ended()).mapToObj(this::of).toList();
  }

  /** Gives the model the weights of the best epoch; none requires gradients afterwards. */
  void restoreBest() {
    model.weights().values().forEach(weight -> weight.requiresGrad(false));
    best.restore();
  }

  private double get(int epoch, int figure) {
    return figures.get(epoch - 1, figure);
  }

  private void set(int epoch, int figure, double value) {
    figures.set(epoch - 1, figure, value);
  }

  @Override
  public void close() {
    figures.close();
    best.close();
  }
}
