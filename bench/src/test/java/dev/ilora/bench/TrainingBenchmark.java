package dev.ilora.bench;

import dev.ilora.prompt.PromptTemplate;
import dev.ilora.synthetic.DemoWorld;
import dev.ilora.tensor.DType;
import java.io.IOException;
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

/** One training step of a small model. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@org.openjdk.jmh.annotations.Measurement(iterations = 5, time = 2)
@Fork(1)
public class TrainingBenchmark {
  /** Sizes at which a step takes some tens of milliseconds. */
  static final Sizes SMALL = new Sizes(128, 4, 4, 2, 352, 4000, 8, 20, 16, 4, 0);

  /** Type of the frozen weights. */
  @Param({"F32", "BF16"})
  public DType type;

  /** What is trained. */
  @Param({TrainingVariants.ILORA, TrainingVariants.LORA, TrainingVariants.FROZEN})
  public String variant;

  private Workload workload;
  private TrainingVariants variants;
  private Runnable step;

  /** Makes the model. */
  @Setup
  public void open() throws IOException {
    workload = new Workload(SMALL, DemoWorld.generate(1), PromptTemplate.named("movie"));
    variants = new TrainingVariants(workload);
    step = variants.step(variant, type);
  }

  /** One step. */
  @Benchmark
  public void step() {
    step.run();
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    variants.close();
    workload.close();
  }
}
