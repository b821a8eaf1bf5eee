package dev.ilora.adapter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
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
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GateTest {
  private static final int USERS = 5;
  private static final int WIDTH = 24;
  private static final int EXPERTS = 4;
  private static final int LAYERS = 3;

  private static final GateSizes SIZES = new GateSizes(WIDTH, EXPERTS, LAYERS);

  private static List<GateConfig> kinds() {
    return List.of(
        new GateConfig.Linear(),
        new GateConfig.PerLayer(),
        new GateConfig.Mlp(128),
        new GateConfig.Mlp(5),
        new GateConfig.TopK(Optional.empty()),
        new GateConfig.TopK(Optional.of(3)),
        new GateConfig.Noisy(Optional.empty(), 0.1),
        new GateConfig.Noisy(Optional.of(1), 2.5),
        new GateConfig.Residual());
  }

  private static Gate gate(GateConfig config) {
    return Gate.create(config, SIZES, 7, Device.CPU);
  }

  private static Tensor guidance() {
    Torch.seed(3);
    return Tensor.randn(USERS, WIDTH).mul(3);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void weightsAreNotNegativeAndSumToOne(GateConfig kind) {
    try (var _ = Scope.open()) {
      for (boolean training : new boolean[] {false, true}) {
        Tensor weights = gate(kind).weights(guidance(), training);
        long[] shape =
            kind instanceof GateConfig.PerLayer
                ? new long[] {LAYERS, USERS, EXPERTS}
                : new long[] {USERS, EXPERTS};
        weights.requireShape("weights", shape);
        for (float mean : weights.mean(-1, false).toFloats()) {
          assertEquals(1.0 / EXPERTS, mean, 1e-5);
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
        GateConfig config = new GateConfig.TopK(Optional.of(top));
        float[] weights = gate(config).weights(guidance(), true).toFloats();
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
      assertEquals(kept[experts - 1], new GateConfig.TopK(Optional.empty()).kept(experts));
    }
  }

  @Test
  void noiseIsDrawnInTrainingAlone() {
    try (var _ = Scope.open()) {
      Gate gate = gate(new GateConfig.Noisy(Optional.empty(), 0.1));
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
      Gate gate = gate(new GateConfig.Residual());
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
  @MethodSource("kinds")
  void everyParameterGetsAGradient(GateConfig kind) {
    try (var _ = Scope.open()) {
      Gate gate = gate(kind);
      Tensor weights = gate.weights(guidance(), true);
      weights.mul(Tensor.randn(weights.shape())).sum().backward();
      gate.parameters().forEach((name, weight) -> assertTrue(weight.grad() != null, name));
      gate.buffers().forEach((name, weight) -> assertFalse(weight.requiresGrad(), name));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void comesBackFromItsFile(GateConfig kind, @TempDir Path folder) {
    try (var _ = Scope.open()) {
      Gate gate = gate(kind);
      Tensor z = guidance();
      gate.weights(z, true);
      Path file = folder.resolve("gate.safetensors");
      gate.save(file);
      Gate back = Gate.load(file, Device.CPU);
      assertEquals(gate.config(), back.config());
      assertEquals(gate.sizes(), back.sizes());
      assertArrayEquals(gate.weights(z, false).toFloats(), back.weights(z, false).toFloats());
      assertEquals(gate.parameters().keySet(), back.parameters().keySet());
    }
  }

  private static final String NOT_THE_WEIGHTS = ": not the weights of a gate of kind linear: ";

  /** Every key was once written for every kind. */
  @Test
  void readsFilesThatNameSizesOfOtherKinds(@TempDir Path folder) {
    Path file = folder.resolve("gate.safetensors");
    try (var _ = Scope.open()) {
      Map<String, String> metadata =
          Map.of(
              "gate",
              "top_k",
              "guidance_width",
              "24",
              "experts",
              "4",
              "layers",
              "3",
              "hidden",
              "128",
              "top",
              "2",
              "noise",
              "0.1");
      SafeTensors.write(file, Map.of("weight", Tensor.zeros(EXPERTS, WIDTH)), metadata);
      Gate gate = Gate.load(file, Device.CPU);
      assertEquals(new GateConfig.TopK(Optional.of(2)), gate.config());
      assertEquals(SIZES, gate.sizes());
    }
  }

  @Test
  void refusesWeightsThatDoNotFit(@TempDir Path folder) {
    Path file = folder.resolve("gate.safetensors");
    Map<String, String> metadata = GateMetadata.of(new GateConfig.Linear(), SIZES);
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
      Gate gate = gate(new GateConfig.Linear());
      assertEquals(
          "guidance of the gate: expected shape [any, 24], got [5, 64]",
          assertThrows(
                  IllegalArgumentException.class, () -> gate.weights(Tensor.zeros(5, 64), false))
              .getMessage());
      assertEquals(
          "experts kept: expected 1 to 4, got 5",
          assertThrows(
                  IllegalArgumentException.class, () -> gate(new GateConfig.TopK(Optional.of(5))))
              .getMessage());
      assertEquals(
          "experts: expected 1 to 16, got 17",
          assertThrows(IllegalArgumentException.class, () -> new GateSizes(WIDTH, 17, LAYERS))
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
