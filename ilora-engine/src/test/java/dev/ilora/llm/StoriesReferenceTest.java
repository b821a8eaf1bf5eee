package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.adapter.Adaptation;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.OneThread;
import dev.ilora.testing.SharedFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real pretrained model's own continuation, token for token. */
@OneThread
class StoriesReferenceTest {
  private static final int NEW = 200;

  private static Path folder() {
    return SharedFiles.require("conformance/llm/stories260k");
  }

  private static int[] story() {
    try (var _ = Scope.open();
        var stored = SafeTensors.open(folder().resolve("greedy.safetensors"))) {
      return stored.load("token_ids").toInts();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void greedyTokensAlone(boolean cached) {
    int[] story = story();
    try (var _ = Scope.open()) {
      Llama llama = Llama.load(folder(), Device.CPU, DType.F32);
      var options = Generation.Options.of(NEW, Set.of()).cached(cached);
      Prompts prompts = Prompts.of(llama, List.of(new int[] {1}));
      var continuation = new Generation(llama, options).greedy(prompts, Adaptation.NONE);
      assertArrayEquals(
          Arrays.copyOfRange(story, 1, story.length), continuation.getFirst().tokens());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void greedyTokensInABatchWithLongerPrompts(boolean cached) {
    int[] story = story();
    List<int[]> prompts =
        List.of(
            Arrays.copyOf(story, 40),
            new int[] {1},
            new int[] {1, 300, 301},
            Arrays.copyOf(story, 7));
    try (var _ = Scope.open()) {
      Llama llama = Llama.load(folder(), Device.CPU, DType.F32);
      var options = Generation.Options.of(NEW, Set.of()).cached(cached);
      var all = new Generation(llama, options).greedy(Prompts.of(llama, prompts), Adaptation.NONE);
      for (int row : new int[] {0, 1, 3}) {
        int from = prompts.get(row).length;
        int count = Math.min(story.length - from, options.newTokens());
        assertArrayEquals(
            Arrays.copyOfRange(story, from, from + count),
            Arrays.copyOf(all.get(row).tokens(), count),
            "row " + row);
      }
    }
  }

  @Test
  void logitsOfTheWholeStory() {
    int[] story = story();
    try (var _ = Scope.open();
        var stored = SafeTensors.open(folder().resolve("greedy.safetensors"))) {
      Llama llama = Llama.load(folder(), Device.CPU, DType.F32);
      Tensor ids = Tensor.ofInts(Arrays.copyOf(story, NEW), 1, NEW);
      Tensor hidden = llama.hidden(llama.embed(ids), Attention.causal(), Adaptation.NONE);
      float[] actual = llama.logits(hidden).toFloats();
      float[] expected = stored.load("logits").toFloats();
      assertArrayEquals(expected, actual, 1e-4f);
      assertEquals(NEW * 512, actual.length);
    }
  }
}
