package dev.ilora.study;

import dev.ilora.Progress;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Recipe;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.runs.CaseSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Estimates how long the language-model runs of a study still take: the rows that are left to train
 * on and to rank, at the speed that such rows had so far. A kind of work that was not seen yet is
 * thought to be as fast as the other.
 */
final class WorkLeft {
  private static final double LEAST_SECONDS = 2;

  /** Programs are slower in their first seconds. */
  private static final double SLOW_START_SECONDS = 8;

  private enum Kind {
    TRAINING,
    RANKING
  }

  /** One phase of one run. */
  private static final class Piece {
    private final Kind kind;
    private final double rows;
    private double done;
    private Instant last;

    Piece(Kind kind, double rows) {
      this.kind = kind;
      this.rows = rows;
    }

    void reach(double share, Instant now, Speed speed) {
      double before = done;
      done = rows * share;
      // Work taken up again begins above 0: only what was done since then tells how fast it is.
      if (last != null) {
        speed.add(Math.max(0, done - before), Duration.between(last, now).toNanos() / 1e9);
      }
      last = now;
    }
  }

  /** Rows of a kind and the time they took, the slow start apart. */
  private static final class Speed {
    private double startRows;
    private double startSeconds;
    private double rows;
    private double seconds;

    void add(double moreRows, double moreSeconds) {
      if (startSeconds < SLOW_START_SECONDS) {
        startRows += moreRows;
        startSeconds += moreSeconds;
      } else {
        rows += moreRows;
        seconds += moreSeconds;
      }
    }

    /** Seconds a row, without the slow start as soon as enough was seen after it. */
    OptionalDouble secondsOfRow() {
      if (rows > 0 && seconds >= LEAST_SECONDS) {
        return OptionalDouble.of(seconds / rows);
      }
      return startRows > 0 && startSeconds >= LEAST_SECONDS
          ? OptionalDouble.of((startSeconds + seconds) / (startRows + rows))
          : OptionalDouble.empty();
    }
  }

  private final Map<String, Piece> pieces = new LinkedHashMap<>();
  private final Map<Kind, Speed> speeds = new EnumMap<>(Kind.class);
  private final int lanes;
  private final InstantSource clock;

  /**
   * @param lanes runs that go on at the same time
   */
  WorkLeft(int lanes, InstantSource clock) {
    this.lanes = lanes;
    this.clock = clock;
  }

  /** Of language-model runs, without what is finished. */
  static WorkLeft of(List<Experiment> runs, int lanes, InstantSource clock) {
    WorkLeft left = new WorkLeft(lanes, clock);
    for (Experiment run : runs) {
      Recipe recipe = run.recipe();
      if (recipe.method().adapts() && !ModelFolder.isOne(run.modelFolder())) {
        left.training(recipe.doing("training"), trainingRows(recipe));
      }
      if (!run.folder().hasOutcomes(CaseSet.TEST)) {
        left.ranking(recipe.doing("evaluating"), recipe.rows().testRows());
      }
    }
    return left;
  }

  /** Adds a training on so many rows, each counted as often as it is visited. */
  void training(String what, double rows) {
    pieces.put(what, new Piece(Kind.TRAINING, rows));
  }

  /** Adds an evaluation of so many rows. */
  void ranking(String what, double rows) {
    pieces.put(what, new Piece(Kind.RANKING, rows));
  }

  private static double trainingRows(Recipe recipe) {
    var training = recipe.training();
    return (double) training.steps() * training.batch()
        + (double) training.validations() * recipe.rows().validRows();
  }

  /**
   * Notes how far a piece is, and tells what all of them still take; empty where too little was
   * seen, or the piece is none of these.
   *
   * @param what as the piece tells of itself
   */
  synchronized Optional<Duration> after(String what, long done, long total) {
    Piece piece = pieces.get(what);
    if (piece == null || total <= 0) {
      return Optional.empty();
    }
    piece.reach(
        (double) done / total,
        clock.instant(),
        speeds.computeIfAbsent(piece.kind, _ -> new Speed()));
    return left();
  }

  private Optional<Duration> left() {
    Map<Kind, Double> rates = rates();
    if (rates.isEmpty()) {
      return Optional.empty();
    }
    double other = rates.values().iterator().next();
    double all = 0;
    double longest = 0;
    for (Piece piece : pieces.values()) {
      double seconds = (piece.rows - piece.done) * rates.getOrDefault(piece.kind, other);
      all += seconds;
      longest = Math.max(longest, seconds);
    }
    return Optional.of(Duration.ofMillis(Math.round(1000 * Math.max(longest, all / lanes))));
  }

  /** A listener that tells another one of the time left as well. */
  Progress telling(Progress progress) {
    return new Progress() {
      @Override
      public void update(String what, long done, long total, String detail) {
        after(what, done, total)
            .ifPresentOrElse(
                left -> progress.update(what, done, total, detail, left),
                () -> progress.update(what, done, total, detail));
      }

      @Override
      public void remark(String text) {
        progress.remark(text);
      }
    };
  }

  /** Seconds a row of each kind seen. */
  private Map<Kind, Double> rates() {
    Map<Kind, Double> rates = new EnumMap<>(Kind.class);
    speeds.forEach(
        (kind, speed) -> speed.secondsOfRow().ifPresent(seconds -> rates.put(kind, seconds)));
    return rates;
  }
}
