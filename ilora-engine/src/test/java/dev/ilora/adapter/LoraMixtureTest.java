package dev.ilora.adapter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stacked products against loops over sequences, tokens and experts. */
class LoraMixtureTest {

  private static float[] random(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** {@code Σ_k w_bk alpha/R_k B_k A_k x_bt}, one number at a time. */
  private static float[] slow(
      float[] x, float[] w, float[] down, float[] up, List<Integer> ranks, double alpha, int[] n) {
    int batch = n[0];
    int tokens = n[1];
    int in = n[2];
    int out = n[3];
    int total = ranks.stream().mapToInt(r -> r).sum();
    float[] y = new float[batch * tokens * out];
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < tokens; t++) {
        int first = 0;
        for (int k = 0; k < ranks.size(); k++) {
          for (int r = first; r < first + ranks.get(k); r++) {
            double inner = 0;
            for (int i = 0; i < in; i++) {
              inner += down[r * in + i] * x[(b * tokens + t) * in + i];
            }
            inner *= w[b * ranks.size() + k] * alpha / ranks.get(k);
            for (int o = 0; o < out; o++) {
              y[(b * tokens + t) * out + o] += (float) (inner * up[o * total + r]);
            }
          }
          first += ranks.get(k);
        }
      }
    }
    return y;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void equalsLoopsOnRandomShapesAndUnequalRanks(long seed) {
    Random random = new Random(seed);
    int[] n = {
      1 + random.nextInt(4), 1 + random.nextInt(5), 1 + random.nextInt(9), 1 + random.nextInt(9)
    };
    List<Integer> ranks = random.ints(1 + random.nextInt(16), 1, 5).boxed().toList();
    double alpha = 1 + random.nextInt(32);
    int total = ranks.stream().mapToInt(r -> r).sum();
    float[] x = random(random, n[0] * n[1] * n[2]);
    float[] w = random(random, n[0] * ranks.size());
    float[] down = random(random, total * n[2]);
    float[] up = random(random, n[3] * total);
    float[] expected = slow(x, w, down, up, ranks, alpha, n);
    try (var _ = Scope.open()) {
      AdapterConfig config = new AdapterConfig(Set.of(Projection.Q_PROJ), ranks, alpha, 0);
      LoraMixture mixture =
          new LoraMixture(
              Tensor.of(down, total, n[2]),
              Tensor.of(up, n[3], total),
              null,
              LoraMixture.spread(config, Device.CPU));
      Tensor input = Tensor.of(x, n[0], n[1], n[2]);
      Tensor weights = Tensor.of(w, n[0], ranks.size());
      float tolerance = (float) (1e-4 * alpha * total);
      assertArrayEquals(expected, mixture.update(input, weights).toFloats(), tolerance);
      Tensor scales = weights.matmul(LoraMixture.spread(config, Device.CPU)).unsqueeze(1);
      Tensor flat = input.reshape(-1, n[2]);
      Tensor added = mixture.addTo(Tensor.zeros((long) n[0] * n[1], n[3]), flat, scales);
      assertArrayEquals(expected, added.toFloats(), tolerance);
    }
  }

  @Test
  void refusesShapesThatDoNotFit() {
    try (var _ = Scope.open()) {
      AdapterConfig config = AdapterConfig.mixture(Set.of(Projection.Q_PROJ), 2, 4, 8, 0);
      DecoderShape shape = new DecoderShape(1, 6, 8, 6, 6);
      Adapters adapters = Adapters.create(config, shape, 1, Device.CPU);
      LoraMixture mixture = adapters.mixture(0, Projection.Q_PROJ);
      var narrow =
          assertThrows(
              IllegalArgumentException.class,
              () -> mixture.update(Tensor.zeros(2, 3, 5), Tensor.zeros(2, 2)));
      assertEquals(
          "input of the adapter: expected shape [any, any, 6], got [2, 3, 5]", narrow.getMessage());
      var experts =
          assertThrows(
              IllegalArgumentException.class,
              () -> mixture.update(Tensor.zeros(2, 3, 6), Tensor.zeros(2, 3)));
      assertEquals("expert weights: expected shape [2, 2], got [2, 3]", experts.getMessage());
      var target =
          assertThrows(
              IllegalArgumentException.class, () -> adapters.mixture(0, Projection.UP_PROJ));
      assertEquals("up_proj is not adapted: targets are [Q_PROJ]", target.getMessage());
    }
  }
}
