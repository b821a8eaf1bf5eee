package dev.ilora.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.InScope;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Norms of adapted rows against matrices that are formed and measured row by row. */
@InScope
class DirectionsTest {
  private static final DecoderShape SHAPE = new DecoderShape(2, 8, 12, 8, 4);
  private static final LoraForm DORA = new LoraForm(false, true);

  private final Map<Integer, Tensor> weights = new HashMap<>();

  private Tensor frozen(int layer, Projection projection) {
    return weights.computeIfAbsent(
        layer * 10 + projection.ordinal(),
        _ -> Tensor.randn(SHAPE.outputOf(projection), SHAPE.inputOf(projection)));
  }

  private Adapters adapters(List<Integer> ranks) {
    Torch.seed(4);
    // In the scope of the test: who asks for them frees what it formed.
    for (int layer = 0; layer < SHAPE.layers(); layer++) {
      frozen(layer, Projection.V_PROJ);
      frozen(layer, Projection.DOWN_PROJ);
    }
    AdapterConfig config =
        new AdapterConfig(EnumSet.of(Projection.V_PROJ, Projection.DOWN_PROJ), ranks, 6, 0, DORA);
    Adapters adapters = Adapters.create(config, SHAPE, this::frozen, 3, Device.CPU);
    Torch.noGrad(() -> adapters.parameters().values().forEach(w -> w.normalInPlace(0, 0.5)));
    return adapters;
  }

  private static double norm(Tensor weight, LoraMixture mixture, float[] scales, int row) {
    float[] frozen = weight.toFloats();
    float[] down = mixture.down().toFloats();
    float[] up = mixture.up().toFloats();
    int width = (int) weight.size(1);
    double squares = 0;
    for (int i = 0; i < width; i++) {
      double value = frozen[row * width + i];
      for (int r = 0; r < scales.length; r++) {
        value += (double) scales[r] * up[row * scales.length + r] * down[r * width + i];
      }
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void equalTheNormsOfMatricesThatAreFormed(boolean perLayer) {
    Adapters adapters = adapters(List.of(1, 2, 3));
    Tensor weights = perLayer ? Tensor.randn(2, 3, 3) : Tensor.randn(3, 3);
    Tensor scales = weights.matmul(adapters.spread());
    Directions directions = Directions.of(adapters, scales, false, this::frozen);
    for (int layer = 0; layer < 2; layer++) {
      Tensor own = perLayer ? scales.select(0, layer) : scales;
      for (Projection projection : adapters.config().targets()) {
        Tensor inverse = directions.inverse(layer, projection);
        inverse.requireShape("inverse norms", 3, SHAPE.outputOf(projection));
        LoraMixture mixture = adapters.mixture(layer, projection);
        for (int b = 0; b < 3; b++) {
          float[] given = inverse.select(0, b).toFloats();
          for (int row = 0; row < given.length; row++) {
            double norm =
                norm(frozen(layer, projection), mixture, own.select(0, b).toFloats(), row);
            assertEquals(1, given[row] * norm, 1e-4);
          }
        }
      }
    }
  }

  @Test
  void oneSetOfNormsServesSequencesThatAreAlike() {
    Adapters adapters = adapters(List.of(3));
    Tensor scales = Tensor.ones(DType.F32, Device.CPU, 5, 3).mul(2);
    Directions directions = Directions.of(adapters, scales, true, this::frozen);
    assertEquals(1, directions.inverse(0, Projection.V_PROJ).size(0));
    Directions other = directions.rows(Tensor.of(new long[] {4, 0}, 2));
    assertEquals(1, other.inverse(0, Projection.V_PROJ).size(0));
  }

  @Test
  void rowsOfRowsAreRows() {
    Adapters adapters = adapters(List.of(2, 1));
    Tensor scales = Tensor.randn(4, 2).matmul(adapters.spread());
    Directions all = Directions.of(adapters, scales, false, this::frozen);
    Directions some =
        all.rows(Tensor.of(new long[] {3, 1, 0}, 3)).rows(Tensor.of(new long[] {2, 0}, 2));
    Tensor whole = all.inverse(1, Projection.DOWN_PROJ);
    Tensor own = some.inverse(1, Projection.DOWN_PROJ);
    assertEquals(true, own.select(0, 0).hasValuesOf(whole.select(0, 0)));
    assertEquals(true, own.select(0, 1).hasValuesOf(whole.select(0, 3)));
  }

  @Test
  void otherFormsAskForNoNorms() {
    AdapterConfig config =
        AdapterConfig.lora(EnumSet.of(Projection.V_PROJ), 2, 4, 0).in(new LoraForm(true, false));
    Adaptation adaptation = Adaptation.of(Adapters.create(config, SHAPE, 1, Device.CPU), 2, false);
    assertSame(
        adaptation,
        adaptation.over(
            (_, _) -> {
              throw new IllegalStateException("asked");
            }));
    assertEquals(4 / Math.sqrt(2), config.scale(2), 1e-12);
  }
}
