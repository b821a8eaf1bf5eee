package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.gguf.GgufFile;
import dev.ilora.gguf.GgufModel;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.StoredTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.OneThread;
import dev.ilora.testing.SharedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real quantised model, SmolLM2, against the transformers library on the same weights. */
@OneThread
@Tag("slow")
class SmolLmReferenceTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static Path file;
  private static Scope scope;
  private static Llama llama;

  @BeforeAll
  static void open() {
    file = SharedFiles.require("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
    SharedFiles.require("conformance/llm/smollm2");
    scope = Scope.open();
    llama = Llama.load(file, Device.CPU, DType.F32);
  }

  @AfterAll
  static void close() {
    if (scope != null) {
      scope.close();
    }
  }

  private static Path vectors(String name) {
    return SharedFiles.require("conformance/llm/smollm2/" + name);
  }

  private static int[] ids(JsonNode list) {
    return JSON.treeToValue(list, int[].class);
  }

  /** Hidden states after each token, (T, C). */
  private static Tensor hidden(int[] tokens) {
    Tensor embeddings = llama.embed(Tensor.ofInts(tokens, 1, tokens.length));
    return llama.hidden(embeddings, Attention.causal(), Adaptation.NONE).squeeze(0);
  }

  @Test
  void everyTensorHasTheStoredTypeShapeMeanAndSize() {
    try (GgufFile open = GgufFile.open(file)) {
      List<String> names = new ArrayList<>();
      for (JsonNode tensor : JSON.readTree(vectors("tensors.json"))) {
        String name = tensor.path("name").asString();
        names.add(name);
        try (var _ = Scope.open()) {
          assertArrayEquals(
              JSON.treeToValue(tensor.path("shape"), long[].class), open.shape(name), name);
          Tensor values = open.load(name).to(DType.F64);
          double l2 = tensor.path("l2").asDouble();
          assertEquals(l2, values.square().sum().sqrt().item(), 1e-9 * l2, name);
          double size = l2 / Math.sqrt(values.numel());
          assertEquals(tensor.path("mean").asDouble(), values.mean().item(), 1e-9 * size, name);
        }
      }
      assertEquals(names, List.copyOf(open.names()));
    }
  }

  @Test
  void rowsAreTheStoredOnesBitForBit() {
    try (var _ = Scope.open();
        GgufFile open = GgufFile.open(file);
        GgufModel model = GgufModel.open(file);
        SafeTensors stored = SafeTensors.open(vectors("dequantised.safetensors"))) {
      assertEquals(4, stored.names().size());
      for (String name : stored.names()) {
        int cut = name.indexOf(".rows_");
        List<Integer> rows = new ArrayList<>();
        for (String row : name.substring(cut + ".rows_".length()).split("_", -1)) {
          rows.add(Integer.valueOf(row));
        }
        StoredTensors source = name.startsWith("model.") ? model : open;
        int[] picked = rows.stream().mapToInt(Integer::intValue).toArray();
        Tensor values =
            source
                .load(name.substring(0, cut))
                .indexSelect(0, Tensor.ofInts(picked, picked.length));
        assertArrayEquals(stored.load(name).toFloats(), values.toFloats(), name);
      }
    }
  }

  @Test
  void theConfigurationIsTheModels() {
    LlamaConfig config = llama.config();
    assertEquals(
        List.of(49152, 576, 1536, 30, 9, 3, 64, 8192),
        List.of(
            config.vocabularySize(),
            config.hiddenSize(),
            config.intermediateSize(),
            config.layers(),
            config.heads(),
            config.keyValueHeads(),
            config.headWidth(),
            config.maxPositions()));
    assertEquals(100000, config.rope().theta());
    assertEquals(9.999999747378752e-06, config.normEpsilon());
    assertTrue(config.tiedHead());
    assertEquals(1, config.beginToken());
    assertEquals(List.of(2), config.endTokens());
  }

  @Test
  void theLikeliestNextTokensHaveTheStoredLogits() {
    double worst = 0;
    try (var _ = Scope.open();
        SafeTensors stored = SafeTensors.open(vectors("next_token.safetensors"))) {
      int[] best = stored.load("top_ids").toInts();
      float[] expected = stored.load("top_logits").toFloats();
      float[] normalisers = stored.load("logsumexp").toFloats();
      int row = 0;
      for (JsonNode prompt : JSON.readTree(vectors("next_token.json"))) {
        int[] tokens = ids(prompt.path("ids"));
        Tensor last = hidden(tokens).slice(0, tokens.length - 1, tokens.length);
        Tensor logits = llama.scores(last).view(-1);
        float[] all = logits.toFloats();
        for (int i = 50 * row; i < 50 * row + 50; i++) {
          worst = Math.max(worst, Math.abs(all[best[i]] - expected[i]));
        }
        int[] found = logits.topk(50, 0).indices().toInts();
        assertEquals(best[50 * row], found[0], prompt.path("prompt").asString());
        worst = Math.max(worst, Math.abs(logits.logsumexp(0, false).item() - normalisers[row]));
        row++;
      }
      assertEquals(10, row);
    }
    // 3.1e-5 on the processor this was written on
    assertEquals(0, worst, 1e-4);
  }

  @Test
  void continuationsHaveTheStoredLikelihoods() {
    double worst = 0;
    for (JsonNode stored : JSON.readTree(vectors("loglikelihood.json"))) {
      int[] prompt = ids(stored.path("prompt_ids"));
      int[] continuation = ids(stored.path("continuation_ids"));
      int[] joined = new int[prompt.length + continuation.length];
      System.arraycopy(prompt, 0, joined, 0, prompt.length);
      System.arraycopy(continuation, 0, joined, prompt.length, continuation.length);
      int[] from = new int[continuation.length];
      for (int i = 0; i < from.length; i++) {
        from[i] = prompt.length - 1 + i;
      }
      try (var _ = Scope.open()) {
        TokenScores scores =
            TokenScores.of(
                llama, hidden(joined), from, continuation, llama.config().vocabularySize());
        boolean greedy = true;
        for (int i = 0; i < from.length; i++) {
          double expected = stored.path("token_logprobs").path(i).asDouble();
          worst = Math.max(worst, Math.abs(expected - scores.logProbabilities()[i]));
          greedy &= scores.likeliest()[i];
        }
        assertEquals(stored.path("is_greedy").asBoolean(), greedy, stored.toString());
      }
    }
    // 5.0e-5 on the processor this was written on
    assertEquals(0, worst, 2e-4);
  }

  @Test
  void greedyContinuationsAreTheStoredOnes() {
    for (JsonNode stored : JSON.readTree(vectors("greedy.json"))) {
      try (var _ = Scope.open()) {
        var options = Generation.Options.of(40, Set.of());
        Prompts prompts = Prompts.of(llama, List.of(ids(stored.path("prompt_ids"))));
        var continuation = new Generation(llama, options).greedy(prompts, Adaptation.NONE);
        assertArrayEquals(ids(stored.path("ids")), continuation.getFirst().tokens());
      }
    }
  }

  @Test
  void savedAsAFolderItIsTheSameModel(@TempDir Path folder) {
    llama.save(folder, DType.F32);
    try (var _ = Scope.open()) {
      Llama saved = Llama.load(folder, Device.CPU, DType.F32);
      assertEquals(llama.config(), saved.config());
      Map<String, Tensor> weights = saved.parameters();
      llama
          .parameters()
          .forEach((name, weight) -> assertTrue(weight.hasValuesOf(weights.get(name)), name));
    }
  }
}
