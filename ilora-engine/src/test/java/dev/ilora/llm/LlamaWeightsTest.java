package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights on disk that a decoder must not be made from. */
class LlamaWeightsTest {
  private static final LlamaConfig CONFIG = LlamaConfig.small(20, 8, 12, 1, 2, 1, 32);
  private static final String HEAD = "lm_head.weight";
  private static final String EMBEDDINGS = "model.embed_tokens.weight";
  private static final String NORM = "model.norm.weight";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("model.safetensors");
  }

  private void write(Consumer<Map<String, Tensor>> change) {
    try (var _ = Scope.open()) {
      Llama made = Llama.create(CONFIG, 1, Device.CPU);
      made.save(folder);
      Map<String, Tensor> weights = new LinkedHashMap<>(made.parameters());
      change.accept(weights);
      SafeTensors.write(file(), weights, Map.of());
    }
  }

  private String refusal(DType dtype) {
    return assertThrows(
            BadInputException.class, () -> Llama.load(folder, Device.CPU, dtype).close())
        .getMessage();
  }

  @Test
  void aHeadBesideTiedEmbeddingsRepeatsThem() {
    write(weights -> weights.put(HEAD, weights.get(EMBEDDINGS)));
    try (var _ = Scope.open()) {
      Llama.load(folder, Device.CPU, DType.F32);
      Llama.load(folder, Device.CPU, DType.BF16);
    }
    for (Tensor other :
        List.of(Tensor.zeros(20, 8), Tensor.zeros(19, 8), Tensor.zeros(20, 8).to(DType.BF16))) {
      write(weights -> weights.put(HEAD, other));
      for (DType dtype : List.of(DType.F32, DType.BF16)) {
        assertEquals(
            folder.resolve("config.json")
                + ": tie_word_embeddings is true, but the folder holds a lm_head.weight that"
                + " differs from model.embed_tokens.weight: set it to false to use that head, or"
                + " take the head out of the file",
            refusal(dtype));
      }
    }
  }

  @Test
  void everyWeightIsFinite() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (String name : LlamaLayout.of(CONFIG).names()) {
        write(
            weights -> {
              Tensor damaged = weights.get(name).detach().copy();
              damaged.view(-1).slice(0, 5, 6).fillInPlace(value);
              weights.put(name, damaged);
            });
        for (DType dtype : List.of(DType.F32, DType.BF16)) {
          assertEquals(
              file()
                  + ": tensor '"
                  + name
                  + "': element 5 is "
                  + value
                  + ": expected a finite number. The file is of a run that went wrong, or damaged",
              refusal(dtype));
        }
      }
    }
  }

  @Test
  void aLargeSumOfFiniteWeightsIsNoMistake() {
    write(weights -> weights.put(NORM, Tensor.zeros(8).fillInPlace(3e38)));
    try (Llama loaded = Llama.load(folder, Device.CPU, DType.F32)) {
      assertArrayEquals(
          new float[] {3e38f, 3e38f, 3e38f, 3e38f, 3e38f, 3e38f, 3e38f, 3e38f},
          loaded.parameters().get(NORM).toFloats());
    }
  }

  @Test
  void valuesTooLargeForTheTypeAreRefused() {
    write(weights -> weights.put(NORM, Tensor.zeros(8).to(DType.F64).fillInPlace(1e300)));
    assertEquals(
        file()
            + ": tensor 'model.norm.weight': element 0 is Infinity: expected a finite number. The"
            + " file is of a run that went wrong, or damaged",
        refusal(DType.F32));
  }

  @Test
  void everyWeightIsOfAFloatingType() {
    for (DType type : List.of(DType.BOOL, DType.I64, DType.U8)) {
      write(weights -> weights.put(NORM, Tensor.zeros(8).to(type)));
      assertEquals(
          file()
              + ": not the weights of the model in config.json: weight 'model.norm.weight':"
              + " expected a floating type, got "
              + type,
          refusal(DType.F32).replace(folder + ": ", file() + ": "));
    }
  }
}
