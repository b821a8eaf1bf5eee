package dev.ilora.adapter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.adapter.GateConfig.Kind;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GateTest {
  private static final int USERS = 5;
  private static final int WIDTH = 24;
  private static final int EXPERTS = 4;
  private static final int LAYERS = 3;

  private static Gate gate(Kind kind) {
    return Gate.create(config(kind), 7, Device.CPU);
  }

  private static GateConfig config(Kind kind) {
    return kind == Kind.NONE ? GateConfig.none() : GateConfig.of(kind, WIDTH, EXPERTS, LAYERS);
  }

  private static Tensor guidance() {
    Torch.seed(3);
    return Tensor.randn(USERS, WIDTH).mul(3);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void weightsAreNotNegativeAndSumToOne(Kind kind) {
    try (var _ = Scope.open()) {
      for (boolean training : new boolean[] {false, true}) {
        Tensor weights = gate(kind).weights(guidance(), training);
        int experts = kind == Kind.NONE ? 1 : EXPERTS;
        long[] shape =
            kind == Kind.PER_LAYER
                ? new long[] {LAYERS, USERS, experts}
                : new long[] {USERS, experts};
        weights.requireShape("weights", shape);
        for (float mean : weights.mean(-1, false).toFloats()) {
          assertEquals(1.0 / experts, mean, 1e-5);
        }
        for (float weight : weights.toFloats()) {
          assertTrue(weight >= 0);
        }
      }
    }
  }

  @Test
  void topKeepsExactlyItsNumberOfExperts() {
    try (var _ = Scope.open()) {
      for (int top = 1; top <= EXPERTS; top++) {
        GateConfig config = new GateConfig(Kind.TOP_K, WIDTH, EXPERTS, 1, 1, top, 0);
        float[] weights = Gate.create(config, 1, Device.CPU).weights(guidance(), true).toFloats();
        for (int user = 0; user < USERS; user++) {
          int kept = 0;
          for (int expert = 0; expert < EXPERTS; expert++) {
            kept += weights[user * EXPERTS + expert] > 0 ? 1 : 0;
          }
          assertEquals(top, kept);
        }
      }
    }
  }

  /** A weight that is alone is constant: a gate that keeps one expert never learns. */
  @Test
  void theUsualNumberOfKeptExpertsIsNeverOneOfSeveral() {
    int[] kept = {1, 2, 2, 2, 2, 3, 3, 4};
    for (int experts = 1; experts <= kept.length; experts++) {
      assertEquals(kept[experts - 1], GateConfig.of(Kind.TOP_K, WIDTH, experts, 1).top());
    }
  }

  @Test
  void noiseIsDrawnInTrainingAlone() {
    try (var _ = Scope.open()) {
      Gate gate = gate(Kind.NOISY);
      Tensor z = guidance();
      float[] calm = gate.weights(z, false).toFloats();
      assertArrayEquals(calm, gate.weights(z, false).toFloats());
      assertFalse(
          Arrays.equals(gate.weights(z, true).toFloats(), gate.weights(z, true).toFloats()));
    }
  }

  /** Running statistics follow training batches; outside training a user's weights stand alone. */
  @Test
  void residualGateDoesNotMixUsersOutsideTraining() {
    try (var _ = Scope.open()) {
      Gate gate = gate(Kind.RESIDUAL);
      Tensor z = guidance();
      float[] before = gate.buffers().get("bn1.running_mean").toFloats();
      gate.weights(z, true);
      assertFalse(Arrays.equals(before, gate.buffers().get("bn1.running_mean").toFloats()));
      float[] together = gate.weights(z, false).toFloats();
      float[] alone = gate.weights(z.slice(0, 2, 3), false).toFloats();
      assertArrayEquals(Arrays.copyOfRange(together, 2 * EXPERTS, 3 * EXPERTS), alone, 1e-6f);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void everyParameterGetsAGradient(Kind kind) {
    try (var _ = Scope.open()) {
      Gate gate = gate(kind);
      Tensor weights = gate.weights(guidance(), true);
      weights.mul(Tensor.randn(weights.shape())).sum().backward();
      gate.parameters().forEach((name, weight) -> assertTrue(weight.grad() != null, name));
      gate.buffers().forEach((name, weight) -> assertFalse(weight.requiresGrad(), name));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void comesBackFromItsFile(Kind kind, @TempDir Path folder) {
    try (var _ = Scope.open()) {
      Gate gate = gate(kind);
      Tensor z = guidance();
      gate.weights(z, true);
      Path file = folder.resolve("gate.safetensors");
      gate.save(file);
      Gate back = Gate.load(file, Device.CPU);
      assertEquals(gate.config(), back.config());
      assertArrayEquals(gate.weights(z, false).toFloats(), back.weights(z, false).toFloats());
      assertEquals(gate.parameters().keySet(), back.parameters().keySet());
    }
  }

  private static final String NOT_THE_WEIGHTS = ": not the weights of a gate of kind LINEAR: ";

  @Test
  void refusesWeightsThatDoNotFit(@TempDir Path folder) {
    Path file = folder.resolve("gate.safetensors");
    Map<String, String> metadata = config(Kind.LINEAR).toMetadata();
    try (var _ = Scope.open()) {
      SafeTensors.write(file, Map.of("other", Tensor.zeros(EXPERTS, WIDTH)), metadata);
      refused(
          file + NOT_THE_WEIGHTS + "weight 'weight' is missing; weight 'other' is not expected",
          file);
      SafeTensors.write(file, Map.of("weight", Tensor.zeros(EXPERTS, 8)), metadata);
      refused(file + NOT_THE_WEIGHTS + "weight 'weight': expected shape [4, 24], got [4, 8]", file);
      SafeTensors.write(
          file, Map.of("weight", Tensor.zeros(EXPERTS, WIDTH), "extra", Tensor.zeros(1)), metadata);
      refused(file + NOT_THE_WEIGHTS + "weight 'extra' is not expected", file);
      SafeTensors.write(file, Map.of("weight", Tensor.zeros(EXPERTS, WIDTH)), Map.of());
      refused(file + ": metadata lacks 'gate'", file);
    }
  }

  private static void refused(String message, Path file) {
    assertEquals(
        message,
        assertThrows(BadInputException.class, () -> Gate.load(file, Device.CPU)).getMessage());
  }

  @Test
  void refusesGuidanceOfAnotherWidth() {
    try (var _ = Scope.open()) {
      Gate gate = gate(Kind.LINEAR);
      assertEquals(
          "guidance of the gate: expected shape [any, 24], got [5, 64]",
          assertThrows(
                  IllegalArgumentException.class, () -> gate.weights(Tensor.zeros(5, 64), false))
              .getMessage());
      assertEquals(
          "experts kept: expected 1 to 4, got 5",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> new GateConfig(Kind.TOP_K, WIDTH, EXPERTS, 1, 1, 5, 0))
              .getMessage());
      assertEquals(
          "a gate of kind NONE serves 1 expert, not 4: choose LINEAR",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> new GateConfig(Kind.NONE, WIDTH, EXPERTS, 1, 1, 1, 0))
              .getMessage());
    }
  }

  @Test
  void guidanceByPromptIsTheMeanOfRealTokens() {
    try (var _ = Scope.open()) {
      Tensor embeddings = Tensor.of(new float[] {1, 2, 3, 4, 90, 90, 5, 6, 7, 8, 9, 10}, 2, 3, 2);
      assertArrayEquals(
          new float[] {2, 3, 7, 8},
          Guidance.promptMean(embeddings, new int[] {2, 3}).toFloats(),
          1e-6f);
    }
  }

  @Test
  void randomGuidanceDependsOnUserAndSeedAlone() {
    try (var _ = Scope.open()) {
      float[] both = Guidance.random(List.of("7", "9"), 4, 1, Device.CPU).toFloats();
      float[] one = Guidance.random(List.of("9"), 4, 1, Device.CPU).toFloats();
      assertArrayEquals(one, Arrays.copyOfRange(both, 4, 8));
      assertNotEquals(one[0], Guidance.random(List.of("9"), 4, 2, Device.CPU).toFloats()[0]);
      assertEquals(DType.F32, Guidance.random(List.of("9"), 4, 2, Device.CPU).dtype());
    }
  }
}
