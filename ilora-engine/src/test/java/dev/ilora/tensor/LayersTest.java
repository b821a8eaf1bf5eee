package dev.ilora.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class LayersTest {
  @Test
  void aGatedRecurrentLayerFollowsItsFormula() {
    try (var _ = Scope.open()) {
      Torch.seed(1);
      Tensor x = Tensor.randn(2, 4, 3);
      Tensor inputWeight = Tensor.randn(6, 3);
      Tensor stateWeight = Tensor.randn(6, 2);
      Tensor inputBias = Tensor.randn(6);
      Tensor stateBias = Tensor.randn(6);
      Tensor states = Layers.gru(x, inputWeight, stateWeight, inputBias, stateBias);
      states.requireShape("states", 2, 4, 2);
      Tensor h = Tensor.zeros(2, 2);
      for (int t = 0; t < 4; t++) {
        Tensor input = x.select(1, t).linear(inputWeight, inputBias);
        Tensor state = h.linear(stateWeight, stateBias);
        Tensor reset = input.slice(1, 0, 2).add(state.slice(1, 0, 2)).sigmoid();
        Tensor update = input.slice(1, 2, 4).add(state.slice(1, 2, 4)).sigmoid();
        Tensor candidate = input.slice(1, 4, 6).add(reset.mul(state.slice(1, 4, 6))).tanh();
        h = candidate.add(update.mul(h.sub(candidate)));
        assertArrayEquals(h.toFloats(), states.select(1, t).toFloats(), 1e-6f);
      }
    }
  }
}
