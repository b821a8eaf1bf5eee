package dev.ilora.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.WeightForm;
import dev.ilora.machine.PeakMemory;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.synthetic.DemoWorld;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShapeBenchTest {
  private static final Sizes TINY = new Sizes(64, 2, 4, 2, 128, 400, 2, 5, 4, 2, 0);

  @Test
  void stepsAreTimedBesideTheEstimate() throws IOException {
    Optional<ShapeBench.Result> result =
        ShapeBench.run(
            TINY,
            DemoWorld.generate(1),
            PromptTemplate.named("movie"),
            DType.F32,
            Optional.of(WeightForm.Q4_0),
            2,
            1);
    assertEquals(PeakMemory.begin().isPresent(), result.isPresent());
    result.ifPresent(
        measured -> {
          assertEquals(2, measured.seconds().size());
          assertTrue(measured.tokens() > 20, measured.toString());
          // What so small a model takes may fit into memory that the process had before.
          assertTrue(measured.peak() >= 0, measured.toString());
          assertTrue(measured.estimate().bytes() > measured.estimate().weights());
          // Embeddings, a head of their own and the layers in 4.5 bits, norms in 32.
          long matrices = 2 * 400 * 64 + 2 * (2 * 64 * 64 + 2 * 32 * 64 + 3 * 64 * 128);
          assertEquals(matrices * 18 / 32 + 5 * 64 * 4, measured.estimate().weights());
        });
  }

  @Test
  void randomWeightsDependOnSeedAndNameAlone() {
    LlamaConfig config = TINY.llama();
    String name = "model.layers.1.mlp.up_proj.weight";
    try (var _ = Scope.open();
        RandomTensors one = new RandomTensors(config, 1);
        RandomTensors other = new RandomTensors(config, 2)) {
      float[] values = one.load(name, Device.CPU, null).toFloats();
      assertArrayEquals(values, one.load(name, Device.CPU, DType.F32).toFloats());
      assertNotEquals(values[0], other.load(name, Device.CPU, null).toFloats()[0]);
      Llama llama = Llama.load(config, one, Device.CPU, DType.F32, Optional.empty());
      assertArrayEquals(values, llama.parameters().get(name).toFloats());
    }
  }
}
