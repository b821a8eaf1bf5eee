package dev.ilora.bench;

import dev.ilora.data.Case;
import dev.ilora.hybrid.CandidateScores;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.runs.Method;
import dev.ilora.synthetic.DemoWorld;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.util.List;
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

/** The candidates of a batch of cases, scored by a small model. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@org.openjdk.jmh.annotations.Measurement(iterations = 5, time = 2)
@Fork(1)
public class ScoringBenchmark {
  /** Type of the frozen weights. */
  @Param({"F32", "BF16"})
  public DType type;

  private Workload workload;
  private PromptModel model;
  private List<Case> cases;

  /** Makes the model. */
  @Setup
  public void open() throws IOException {
    workload =
        new Workload(TrainingBenchmark.SMALL, DemoWorld.generate(1), PromptTemplate.named("movie"));
    model = workload.model(Method.ILORA, type);
    cases = workload.batch().stream().map(Example::asked).toList();
  }

  /** All candidates of all cases. */
  @Benchmark
  public List<CandidateScores> scores() {
    return model.scores(cases);
  }

  /** A pass over the prompts alone. */
  @Benchmark
  public float[] promptAlone() {
    try (var _ = dev.ilora.tensor.Scope.open()) {
      return model.nextLogits(cases).toFloats();
    }
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    workload.close();
  }
}
