package dev.ilora.recommender;

import java.util.List;

/**
 * How a neural recommender is made and trained. {@link #defaults} holds settings chosen on the
 * validation users of MovieLens-100K.
 *
 * @param model which network
 * @param width of an item embedding
 * @param historyLength most items a history holds
 * @param epochs most passes over the training rows
 * @param batchSize rows a step
 * @param learningRate of Adam at the end of the warm-up
 * @param warmupFraction share of all steps in which the rate rises, in [0, 1)
 * @param floor last rate as a share of the highest, in [0, 1]; 1 keeps it constant
 * @param weightDecay factor of the L2 penalty, 0 for none
 * @param dropout share of values dropped, in [0, 1)
 * @param patience epochs without a better validation figure before training stops
 * @param seed of the first weights, the order of rows and dropout
 */
public record RecommenderConfig(
    Architecture.Model model,
    int width,
    int historyLength,
    int epochs,
    int batchSize,
    double learningRate,
    double warmupFraction,
    double floor,
    double weightDecay,
    double dropout,
    int patience,
    long seed) {
  /** Most passes over the training rows. */
  public static final int MOST_EPOCHS = 100_000;

  /** Most rows of a step. */
  public static final int MOST_BATCH = 65_536;

  /** Highest learning rate of a recipe; training diverges far below it. */
  public static final double MOST_RATE = 10;

  // What small data get: fewer steps than this by the usual settings; batch, epochs and most steps.
  private static final long SMALL_STEPS = 1000;
  private static final int SMALL_BATCH = 64;
  private static final int SMALL_EPOCHS = 60;
  private static final long SMALL_BUDGET = 6000;

  /** Checks the bounds. */
  public RecommenderConfig {
    require("width", width, Architecture.MOST_WIDTH);
    require("history length", historyLength, Architecture.MOST_HISTORY);
    require("epochs", epochs, MOST_EPOCHS);
    require("batch size", batchSize, MOST_BATCH);
    require("patience", patience, MOST_EPOCHS);
    if (!(learningRate > 0 && learningRate <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "learning rate: expected above 0 and at most %s, got %s"
              .formatted(Float.MAX_VALUE, learningRate));
    }
    requireShare("warm-up", warmupFraction, false);
    requireShare("floor", floor, true);
    requireShare("weight decay", weightDecay, true);
    requireShare("dropout", dropout, false);
  }

  private static void requireShare(String what, double value, boolean whole) {
    if (!(value >= 0 && (value < 1 || whole && value == 1))) {
      throw new IllegalArgumentException(
          "%s: expected 0 to %s1, got %s".formatted(what, whole ? "" : "below ", value));
    }
  }

  private static void require(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "%s: expected 1 to %s, got %s".formatted(what, most, value));
    }
  }

  /**
   * Good settings for a network: 64 wide, 10 epochs of batches of 512, dropout 0.4, an L2 penalty
   * of 1e-6, a rate that warms up over 5 % of the steps and falls to 1 %.
   */
  public static RecommenderConfig defaults(Architecture.Model model, int historyLength, long seed) {
    double learningRate =
        switch (model) {
          case SASREC -> 8e-3;
          case GRU4REC, CASER -> 4e-3;
        };
    return new RecommenderConfig(
        model, 64, historyLength, 10, 512, learningRate, 0.05, 0.01, 1e-6, 0.4, 3, seed);
  }

  /**
   * Good settings for a network and an amount of data. Where 10 epochs of batches of 512 would be
   * fewer than 1,000 steps, batches are of 64, the rate is half, and there are up to 60 epochs that
   * end after 10 without a better validation figure: chosen on three sets of 110 to 400 users.
   *
   * @param rows training rows
   */
  public static RecommenderConfig defaults(
      Architecture.Model model, int historyLength, long seed, long rows) {
    RecommenderConfig usual = defaults(model, historyLength, seed);
    if (rows * usual.epochs >= SMALL_STEPS * usual.batchSize) {
      return usual;
    }
    long affordable = SMALL_BUDGET * SMALL_BATCH / Math.max(1, rows);
    int epochs = Math.clamp(affordable, usual.epochs, SMALL_EPOCHS);
    return new RecommenderConfig(
        model,
        usual.width,
        historyLength,
        epochs,
        SMALL_BATCH,
        usual.learningRate / 2,
        usual.warmupFraction,
        usual.floor,
        usual.weightDecay,
        usual.dropout,
        Math.max(usual.patience, epochs / 6),
        seed);
  }

  /** The network's sizes for a catalogue; Caser with 16 filters of each of heights 2, 3, 4. */
  public Architecture architecture(int itemCount) {
    boolean caser = model == Architecture.Model.CASER;
    return new Architecture(
        model,
        itemCount,
        width,
        historyLength,
        caser ? 16 : 0,
        caser ? List.of(2, 3, 4).stream().filter(f -> f <= historyLength).toList() : List.of());
  }

  /** The schedule in words: {@code up to 60 epochs, batches of 64, rate 0.004, patience 10}. */
  public String schedule() {
    return "up to %s epochs, batches of %s, rate %s, patience %s"
        .formatted(epochs, batchSize, learningRate, patience);
  }

  /** The same with another number of epochs. */
  public RecommenderConfig withEpochs(int epochs) {
    return new RecommenderConfig(
        model,
        width,
        historyLength,
        epochs,
        batchSize,
        learningRate,
        warmupFraction,
        floor,
        weightDecay,
        dropout,
        patience,
        seed);
  }
}
