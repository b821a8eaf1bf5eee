package dev.ilora.bench;

import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Scores of a catalogue of MovieLens-100K's size for one batch of histories. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@org.openjdk.jmh.annotations.Measurement(iterations = 5, time = 1)
@Fork(1)
public class RecommenderBenchmark {
  private static final int ITEMS = 1682;
  private static final int HISTORIES = 512;

  /** The network. */
  @Param({"SASREC", "GRU4REC", "CASER"})
  public Architecture.Model model;

  private SequenceRecommender recommender;
  private final List<int[]> histories = new ArrayList<>();

  /** Makes the network and random histories of 10 items. */
  @Setup
  public void open() {
    recommender = SequenceRecommender.create(Architecture.released(model, ITEMS), 1, Device.CPU);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < HISTORIES; i++) {
      histories.add(random.ints(10, 0, ITEMS).toArray());
    }
  }

  /** All items for all histories. */
  @Benchmark
  public float[][] scores() {
    return recommender.scores(histories);
  }

  /** Frees the network. */
  @TearDown
  public void close() {
    recommender.close();
  }
}
