package dev.ilora.adapter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdapterFolderTest {
  private static final DecoderShape SHAPE = new DecoderShape(2, 8, 12, 8, 4);
  private static final AdapterConfig LORA =
      AdapterConfig.lora(EnumSet.of(Projection.Q_PROJ, Projection.DOWN_PROJ), 3, 16, 0.1);
  private static final AdapterConfig UNEQUAL =
      new AdapterConfig(AdapterConfig.allTargets(), List.of(1, 2, 5), 32, 0.05);

  /** Some weights of a base model: the same at each call. */
  private static final FrozenWeights FROZEN =
      (layer, projection) -> {
        float[] values = new float[SHAPE.outputOf(projection) * SHAPE.inputOf(projection)];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) Math.sin(1 + i * 7 + layer);
        }
        return Tensor.of(values, SHAPE.outputOf(projection), SHAPE.inputOf(projection));
      };

  @TempDir Path folder;

  private Path weights() {
    return folder.resolve("adapter_model.safetensors");
  }

  private void save(AdapterConfig config) {
    AdapterFolder.save(Adapters.create(config, SHAPE, 5, Device.CPU), folder, "base");
  }

  private String refusal() {
    return assertThrows(
            BadInputException.class, () -> AdapterFolder.load(folder, SHAPE, Device.CPU))
        .getMessage();
  }

  @Test
  void unequalMixtureComesBackEqual() {
    try (var _ = Scope.open()) {
      Adapters adapters = Adapters.create(UNEQUAL, SHAPE, 5, Device.CPU);
      AdapterFolder.save(adapters, folder, "base");
      Adapters back = AdapterFolder.load(folder, SHAPE, Device.CPU);
      assertEquals(UNEQUAL, back.config());
      assertEquals(
          List.copyOf(adapters.parameters().keySet()), List.copyOf(back.parameters().keySet()));
      adapters
          .parameters()
          .forEach(
              (name, weight) -> {
                assertArrayEquals(weight.toFloats(), back.parameters().get(name).toFloats());
                assertTrue(back.parameters().get(name).requiresGrad());
              });
    }
  }

  @Test
  void aMixtureWithFixedWeightsIsPlainLoraThatDoesTheSame() {
    for (boolean perLayer : new boolean[] {false, true}) {
      try (var _ = Scope.open()) {
        Adapters adapters = Adapters.create(UNEQUAL, SHAPE, 5, Device.CPU);
        Torch.seed(6);
        Torch.noGrad(() -> adapters.parameters().values().forEach(w -> w.normalInPlace(0, 0.3)));
        Tensor weights =
            perLayer
                ? Tensor.of(new float[] {0.5f, 0.3f, 0.2f, 0.1f, 0, 0.9f}, 2, 3)
                : Tensor.of(new float[] {0.75f, 0, 0.25f}, 3);
        AdapterFolder.save(adapters.withFixed(weights), folder, "base");
        Adapters plain = AdapterFolder.load(folder, SHAPE, Device.CPU);
        assertEquals(perLayer ? 8 : 6, plain.config().totalRank());
        assertEquals(1, plain.config().experts());
        for (int layer = 0; layer < SHAPE.layers(); layer++) {
          Tensor own = perLayer ? weights.select(0, layer) : weights;
          for (Projection target : UNEQUAL.targets()) {
            Tensor x = Tensor.randn(1, 4, SHAPE.inputOf(target));
            assertArrayEquals(
                adapters.mixture(layer, target).update(x, own.unsqueeze(0)).toFloats(),
                plain.mixture(layer, target).update(x, Tensor.of(new float[] {1}, 1, 1)).toFloats(),
                1e-4f);
          }
        }
      }
    }
  }

  @Test
  void expertsWithoutAnyWeightAreNoAdapter() {
    try (var _ = Scope.open()) {
      Adapters adapters = Adapters.create(UNEQUAL, SHAPE, 5, Device.CPU);
      assertEquals(
          "expert weights: all are 0, so nothing is adapted",
          assertThrows(IllegalArgumentException.class, () -> adapters.withFixed(Tensor.zeros(3)))
              .getMessage());
      assertEquals(
          "expert weights: expected shape [2, 3], got [1, 3]",
          assertThrows(IllegalArgumentException.class, () -> adapters.withFixed(Tensor.zeros(1, 3)))
              .getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true", "true, true"})
  void everyFormComesBackEqual(boolean rankStabilised, boolean decomposed) {
    LoraForm form = new LoraForm(rankStabilised, decomposed);
    for (AdapterConfig config : List.of(LORA.in(form), UNEQUAL.in(form))) {
      try (var _ = Scope.open()) {
        Adapters adapters = Adapters.create(config, SHAPE, FROZEN, 5, Device.CPU);
        AdapterFolder.save(adapters, folder, "base");
        Adapters back = AdapterFolder.load(folder, SHAPE, Device.CPU);
        assertEquals(config, back.config());
        assertEquals(
            List.copyOf(adapters.parameters().keySet()), List.copyOf(back.parameters().keySet()));
        adapters
            .parameters()
            .forEach(
                (name, weight) ->
                    assertArrayEquals(weight.toFloats(), back.parameters().get(name).toFloats()));
      }
    }
    JsonNode written = JsonMapper.shared().readTree(folder.resolve("adapter_config.json"));
    assertEquals(rankStabilised, written.path("use_rslora").asBoolean(false));
    assertEquals(decomposed, written.path("use_dora").asBoolean(false));
  }

  @Test
  void aNewDoraHasTheNormsOfTheBaseModelsRows() {
    try (var _ = Scope.open()) {
      AdapterConfig config = LORA.in(new LoraForm(false, true));
      Adapters adapters = Adapters.create(config, SHAPE, FROZEN, 5, Device.CPU);
      float[] magnitude = adapters.mixture(1, Projection.DOWN_PROJ).magnitude().toFloats();
      float[] weight = FROZEN.of(1, Projection.DOWN_PROJ).toFloats();
      for (int row = 0; row < 8; row++) {
        double squares = 0;
        for (int i = 0; i < 12; i++) {
          squares += (double) weight[row * 12 + i] * weight[row * 12 + i];
        }
        assertEquals(Math.sqrt(squares), magnitude[row], 1e-5);
      }
      assertEquals(
          "DoRA's magnitudes begin as norms of the base model's weights, which are not given",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Adapters.create(config, SHAPE, 5, Device.CPU))
              .getMessage());
    }
  }

  /** What PEFT's loader looks for, and nothing it does not know. */
  @Test
  void plainLoraIsWhatPeftWrites() {
    try (var _ = Scope.open()) {
      save(LORA);
      JsonNode config = JsonMapper.shared().readTree(folder.resolve("adapter_config.json"));
      assertEquals("LORA", config.path("peft_type").asString());
      assertEquals("CAUSAL_LM", config.path("task_type").asString());
      assertEquals(3, config.path("r").asInt());
      assertEquals(16, config.path("lora_alpha").asInt());
      assertEquals("[\"q_proj\",\"down_proj\"]", config.path("target_modules").toString());
      assertFalse(config.has("ilora"));
      try (var stored = SafeTensors.open(weights())) {
        assertEquals(8, stored.names().size());
        String stem = "base_model.model.model.layers.1.mlp.down_proj.lora_";
        assertArrayEquals(new long[] {3, 12}, stored.shape(stem + "A.weight"));
        assertArrayEquals(new long[] {8, 3}, stored.shape(stem + "B.weight"));
        assertEquals("pt", stored.metadata().get("format"));
      }
    }
  }

  /** Under the type LORA, PEFT would load a mixture as something else without a word. */
  @Test
  void aMixtureHasATypeThatPeftDoesNotTakeForPlainLora() throws IOException {
    try (var _ = Scope.open()) {
      save(UNEQUAL);
      Path file = folder.resolve("adapter_config.json");
      assertEquals("ILORA", JsonMapper.shared().readTree(file).path("peft_type").asString());
      Files.writeString(file, Files.readString(file).replace("ILORA", "LORA"));
      assertEquals(
          file + ": peft_type LORA with a section ilora is not supported",
          assertThrows(BadInputException.class, () -> AdapterFolder.load(folder, SHAPE, Device.CPU))
              .getMessage());
    }
  }

  @Test
  void startsWithoutEffectFromASeed() {
    try (var _ = Scope.open()) {
      Adapters first = Adapters.create(UNEQUAL, SHAPE, 5, Device.CPU);
      Adapters second = Adapters.create(UNEQUAL, SHAPE, 5, Device.CPU);
      LoraMixture mixture = first.mixture(1, Projection.UP_PROJ);
      assertEquals(0, mixture.up().norm().item());
      assertArrayEquals(
          mixture.down().toFloats(), second.mixture(1, Projection.UP_PROJ).down().toFloats());
      double bound = 1 / Math.sqrt(8);
      for (float value : mixture.down().toFloats()) {
        assertTrue(Math.abs(value) <= bound);
      }
    }
  }

  private String notTheWeights() {
    return weights() + ": not the weights of adapters of these targets for this base model: ";
  }

  @Test
  void refusesMissingUnexpectedAndForeignWeights() {
    try (var _ = Scope.open()) {
      save(LORA);
      Map<String, Tensor> all = new LinkedHashMap<>();
      try (var stored = SafeTensors.open(weights())) {
        all.putAll(stored.loadAll());
      }
      String name = Adapters.upName(1, Projection.Q_PROJ);
      Tensor kept = all.remove(name);
      SafeTensors.write(weights(), all, Map.of());
      assertEquals(notTheWeights() + "weight '" + name + "' is missing", refusal());

      all.put(name, kept);
      all.put("extra", Tensor.zeros(1));
      SafeTensors.write(weights(), all, Map.of());
      assertEquals(notTheWeights() + "weight 'extra' is not expected", refusal());

      save(LORA);
      DecoderShape other = new DecoderShape(2, 16, 12, 16, 4);
      String message =
          assertThrows(BadInputException.class, () -> AdapterFolder.load(folder, other, Device.CPU))
              .getMessage();
      String first =
          "weight 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight':"
              + " expected shape [3, 16], got [3, 8]; ";
      assertTrue(message.startsWith(notTheWeights() + first), message);
    }
  }

  @Test
  void refusesConfigurationsThatMeanSomethingElse() throws IOException {
    Path config = folder.resolve("adapter_config.json");
    assertEquals(config + ": no such file", refusal());
    Files.writeString(config, "{");
    assertTrue(refusal().startsWith(config + ": not JSON: "));
    String start = "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8, ";
    for (String[] given :
        new String[][] {
          {
            "\"use_dora\": 1, \"target_modules\": [\"q_proj\"]}",
            "use_dora: expected true or false, got 1"
          },
          {"\"use_rslora\": \"yes\"}", "use_rslora: expected true or false, got \"yes\""},
          {"\"bias\": \"all\"}", "bias all is not supported"},
          {"\"modules_to_save\": [\"lm_head\"]}", "modules_to_save [\"lm_head\"] is not supported"},
          {"\"use_dora\": false}", "lacks 'target_modules'"},
          {"\"dora\": 1}", "dora 1 is not supported"},
          {"\"init_lora_weights\": \"pissa\"}", "init_lora_weights \"pissa\" is not supported"},
          {
            "\"init_lora_weights\": \"pissa_niter_4\"}",
            "init_lora_weights \"pissa_niter_4\" is not supported"
          },
          {"\"init_lora_weights\": \"olora\"}", "init_lora_weights \"olora\" is not supported"},
          {"\"init_lora_weights\": \"corda\"}", "init_lora_weights \"corda\" is not supported"},
          {"\"init_lora_weights\": \"loftq\"}", "init_lora_weights \"loftq\" is not supported"},
          {"\"init_lora_weights\": 1}", "init_lora_weights 1 is not supported"},
          {
            "\"alora_invocation_tokens\": [5, 6]}", "alora_invocation_tokens [5,6] is not supported"
          },
          {"\"layer_replication\": [[0, 1]]}", "layer_replication [[0,1]] is not supported"},
          {"\"arrow_config\": {\"a\": 1}}", "arrow_config {\"a\":1} is not supported"},
          {"\"fan_in_fan_out\": true}", "fan_in_fan_out true is not supported"},
          {"\"task_type\": \"SEQ_CLS\"}", "task_type SEQ_CLS is not supported"},
          {
            "\"target_modules\": \"all-linear\"}",
            "target_modules: expected a list of names or a regular expression, got \"all-linear\""
          },
          {
            "\"target_modules\": \"(q_proj\"}",
            "target_modules: '(q_proj' is no regular expression: Unclosed group"
          },
          {
            "\"target_modules\": \".*lm_head\"}",
            "targets: expected at least one projection, got none"
          },
          {
            "\"target_modules\": [\"q_proj\"], \"rank_pattern\": {\"q_proj\": 2.5}}",
            "rank_pattern of 'q_proj': expected a whole number, got 2.5"
          },
          {
            "\"target_modules\": [\"q_proj\"], \"alpha_pattern\": {\"q_proj\": 0}}",
            "alpha_pattern of 'q_proj': expected a positive number of at most 1000000.0, got 0"
          },
          {
            "\"target_modules\": [\"q_proj\"], \"alpha_pattern\": {\"*\": 1}}",
            "alpha_pattern: '*' is no regular expression: Dangling meta character '*'"
          },
          {
            "\"target_modules\": [\"q_proj\"], \"layers_to_transform\": \"1\"}",
            "layers_to_transform: expected layers counted from 0, got \"1\""
          },
          {
            "\"target_modules\": [\"q_proj\"], \"exclude_modules\": [1]}",
            "exclude_modules: expected a list of names, got [1]"
          },
          {
            "\"target_modules\": [\"c_attn\"]}",
            "projection 'c_attn' is unknown: expected one of q_proj, k_proj, v_proj, o_proj,"
                + " gate_proj, up_proj, down_proj"
          },
        }) {
      Files.writeString(config, start + given[0]);
      assertEquals(config + ": " + given[1], refusal());
    }
    Files.writeString(
        config,
        start.replace("LORA", "ILORA")
            + "\"target_modules\": [\"q_proj\"], \"ilora\": {\"ranks\": [2, 3]}}");
    assertEquals(config + ": ilora.ranks [2, 3] add up to 5, but r is 4", refusal());
    Files.writeString(
        config,
        start.replace("LORA", "ILORA")
            + "\"target_modules\": [\"q_proj\"], \"ilora\": {\"version\": 2, \"ranks\": [2, 2]}}");
    assertEquals(config + ": ilora.version: expected 1, got 2", refusal());
    Files.writeString(
        config,
        start.replace("LORA", "ILORA")
            + "\"target_modules\": [\"q_proj\"], \"ilora\": {\"ranks\": [2, 2]},"
            + " \"alpha_pattern\": {\"q_proj\": 3}}");
    assertEquals(
        config + ": alpha_pattern {\"q_proj\":3} of a mixture is not supported", refusal());
  }

  @Test
  void refusesWeightsGivenFromOutside() {
    try (var _ = Scope.open()) {
      Map<String, Tensor> lacking = new LinkedHashMap<>();
      try (Adapters whole = Adapters.create(LORA, SHAPE, 1, Device.CPU)) {
        lacking.putAll(whole.parameters());
        lacking.remove(Adapters.upName(1, Projection.Q_PROJ));
        assertEquals(
            "not the weights of adapters of these targets for this base model:"
                + " weight 'base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight' is"
                + " missing",
            assertThrows(IllegalArgumentException.class, () -> Adapters.of(LORA, SHAPE, lacking))
                .getMessage());
      }
      Adapters adapters = Adapters.create(UNEQUAL, SHAPE, 1, Device.CPU);
      assertEquals(
          "expert weights: expected shape [any, 3], got [2, 4]",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Adaptation.of(adapters, Tensor.zeros(2, 4), false))
              .getMessage());
      assertEquals(
          "expert weights: expected shape [2, any, 3], got [3, 2, 3]",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Adaptation.of(adapters, Tensor.zeros(3, 2, 3), false))
              .getMessage());
    }
  }

  @Test
  void entriesWithoutEffectAreAccepted() throws IOException {
    Path config = folder.resolve("adapter_config.json");
    String start =
        "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8, \"target_modules\": [\"q_proj\"], ";
    for (String more :
        List.of(
            "\"init_lora_weights\": \"eva\"",
            "\"init_lora_weights\": false",
            "\"alora_invocation_tokens\": null, \"rank_pattern\": {}, \"modules_to_save\": []",
            "\"megatron_core\": \"megatron.core\", \"qalora_group_size\": 16",
            "\"a_new_switch\": false, \"a_new_list\": [], \"a_new_value\": null")) {
      Files.writeString(config, start + more + "}");
      assertEquals(4, AdapterFolder.readConfig(folder).totalRank());
    }
    for (String[] given :
        new String[][] {
          {"\"r\": 2147483632", "rank of an expert: expected 1 to 1024, got 2147483632"},
          {"\"r\": 0", "rank of an expert: expected 1 to 1024, got 0"},
          {
            "\"lora_alpha\": 1e300",
            "alpha: expected a positive number of at most 1000000.0, got 1.0E300"
          },
          {"\"lora_alpha\": \"8\"", "lora_alpha: expected a number, got \"8\""},
          {"\"lora_dropout\": true", "lora_dropout: expected a number, got true"},
        }) {
      Files.writeString(config, start + given[0] + "}");
      assertEquals(config + ": " + given[1], refusal());
    }
  }
}
