package dev.ilora.bench;

import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.DecoderShape;
import dev.ilora.adapter.Projection;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
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

/** The update of one projection by a mixture of experts of total rank 16. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@org.openjdk.jmh.annotations.Measurement(iterations = 5, time = 1)
@Fork(1)
public class AdapterBenchmark {
  private static final int SEQUENCES = 8;
  private static final int TOKENS = 256;
  private static final int WIDTH = 512;

  /** K; 1 is plain LoRA. */
  @Param({"1", "4", "16"})
  public int experts;

  private Adapters adapters;
  private Tensor input;
  private Tensor weights;

  /** Makes the adapters of one layer. */
  @Setup
  public void open() {
    adapters =
        Adapters.create(
            AdapterConfig.mixture(AdapterConfig.allTargets(), experts, 16, 32, 0),
            new DecoderShape(1, WIDTH, 1408, WIDTH, WIDTH / 2),
            1,
            Device.CPU);
    input = Tensor.randn(SEQUENCES, TOKENS, WIDTH);
    weights = Tensor.randn(SEQUENCES, experts);
  }

  /** Forward, without a graph. */
  @Benchmark
  public double update() {
    try (var _ = dev.ilora.tensor.Scope.open()) {
      return Torch.noGrad(
          () ->
              adapters
                  .mixture(0, Projection.UP_PROJ)
                  .update(input, weights)
                  .select(0, 0)
                  .select(0, 0)
                  .select(0, 0)
                  .item());
    }
  }

  /** Frees the adapters. */
  @TearDown
  public void close() {
    adapters.close();
    input.close();
    weights.close();
  }
}
