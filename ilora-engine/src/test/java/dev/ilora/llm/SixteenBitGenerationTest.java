package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import dev.ilora.testing.ReferenceFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Greedy answers of an adapted model in 16 bits. */
@OneThread
@InScope
class SixteenBitGenerationTest {
  private static final Path MODEL = ReferenceFiles.of("families/qwen3");

  private static Adaptation mixture(Llama llama) {
    Adapters adapters =
        Adapters.create(
            AdapterConfig.mixture(AdapterConfig.allTargets(), 2, 4, 8, 0),
            llama.config().shape(),
            5,
            Device.CPU);
    adapters.parameters().values().forEach(weight -> weight.detach().fillInPlace(0.03));
    Tensor weights = Tensor.of(new float[] {0.3f, 0.7f, 0.9f, 0.1f}, 2, 2);
    return Adaptation.of(adapters, weights, false);
  }

  @Test
  void aGenerationInSixteenBitsChoosesWhatItWouldChooseWithoutACache() {
    Llama llama = Llama.load(MODEL, Device.CPU, DType.BF16);
    Prompts prompts = Prompts.of(llama, List.of(new int[] {3, 7, 9}, new int[] {12, 5, 80}));
    var options = Generation.Options.of(4, Set.of());
    var cached = new Generation(llama, options).greedy(prompts, mixture(llama));
    var whole = new Generation(llama, options.cached(false)).greedy(prompts, mixture(llama));
    for (int row = 0; row < 2; row++) {
      assertArrayEquals(whole.get(row).tokens(), cached.get(row).tokens());
      assertTrue(
          Math.abs(whole.get(row).logProbability() - cached.get(row).logProbability()) < 0.05);
    }
  }
}
