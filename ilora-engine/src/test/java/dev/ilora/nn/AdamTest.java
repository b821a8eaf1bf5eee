package dev.ilora.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdamTest {
  /** One number at a time, as in the paper. */
  private static final class Slow {
    double m;
    double v;
    double p;
    int t;

    Slow(double p) {
      this.p = p;
    }

    void step(double g, double rate, double decay, boolean decoupled) {
      if (decoupled) {
        p -= rate * decay * p;
      } else {
        g += decay * p;
      }
      t++;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      p -= rate * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
    }
  }

  private static void gradient(Tensor parameter, float... values) {
    try (var _ = Scope.open()) {
      parameter.mul(Tensor.of(values, values.length)).sum().backward();
    }
  }

  private static Tensor parameter(float... values) {
    return Tensor.of(values, values.length).requiresGrad(true);
  }

  private static void comparesWithSlow(boolean decoupled) {
    Random random = new Random(5);
    float[] start = {0.5f, -1, 2};
    Slow[] slow = {new Slow(start[0]), new Slow(start[1]), new Slow(start[2])};
    Tensor p = parameter(start);
    var options = decoupled ? Adam.Options.adamW() : Adam.Options.plain();
    try (var adam = new Adam(List.of(new Adam.Group("all", Map.of("p", p), 0.5, 0.1)), options)) {
      for (int step = 0; step < 20; step++) {
        float[] g = {random.nextFloat() - 0.5f, random.nextFloat(), 0};
        gradient(p, g);
        adam.step(0.02);
        adam.zeroGrad();
        for (int i = 0; i < 3; i++) {
          slow[i].step(g[i], 0.01, 0.1, decoupled);
        }
      }
      float[] expected = {(float) slow[0].p, (float) slow[1].p, (float) slow[2].p};
      assertArrayEquals(expected, p.toFloats(), 2e-6f);
    }
  }

  @Test
  void equalsTheFormulaWithDecoupledWeightDecay() {
    comparesWithSlow(true);
  }

  @Test
  void equalsTheFormulaWithAnL2Penalty() {
    comparesWithSlow(false);
  }

  @Test
  void leavesParametersWithoutGradientAloneAndStartsTheirCountLater() {
    Tensor p = parameter(1, 1);
    Tensor late = parameter(1);
    try (var adam =
        new Adam(
            List.of(
                new Adam.Group("p", Map.of("p", p)), new Adam.Group("late", Map.of("late", late))),
            Adam.Options.plain())) {
      for (int step = 0; step < 5; step++) {
        gradient(p, 1, -1);
        adam.step(0.1);
        adam.zeroGrad();
      }
      assertArrayEquals(new float[] {1}, late.toFloats());
      gradient(late, 3);
      adam.step(0.1);
      assertArrayEquals(new float[] {0.9f}, late.toFloats(), 1e-6f);
    }
  }

  @Test
  void continuesBitForBitFromAStoredState() {
    float[] expected = trained(6, -1);
    assertArrayEquals(expected, trained(6, 3));
  }

  private static float[] trained(int steps, int interruptAfter) {
    Random random = new Random(8);
    Tensor p = parameter(1, 2, 3);
    Adam adam = adam(p);
    for (int step = 0; step < steps; step++) {
      if (step == interruptAfter) {
        Map<String, Tensor> saved = new HashMap<>();
        adam.state().forEach((name, tensor) -> saved.put(name, tensor.copy()));
        p = parameter(p.toFloats());
        adam.close();
        adam = adam(p);
        adam.loadState(saved);
      }
      gradient(p, random.nextFloat(), random.nextFloat(), random.nextFloat());
      adam.step(0.01);
      adam.zeroGrad();
    }
    adam.close();
    return p.toFloats();
  }

  private static Adam adam(Tensor p) {
    return new Adam(List.of(new Adam.Group("all", Map.of("p", p), 1, 0.01)), Adam.Options.adamW());
  }

  @Test
  void refusesAStateOfOtherParameters() {
    try (var adam = adam(parameter(1, 2))) {
      Map<String, Tensor> state = new HashMap<>(adam.state());
      state.remove("p.second_moment");
      state.put("q.first_moment", Tensor.zeros(1));
      assertMessage(
          "not the weights of this optimiser: weight 'p.second_moment' is missing;"
              + " weight 'q.first_moment' is not expected",
          () -> adam.loadState(state));
      Map<String, Tensor> wrong = new HashMap<>(adam.state());
      wrong.put("p.first_moment", Tensor.zeros(3));
      assertMessage(
          "not the weights of this optimiser: weight 'p.first_moment': expected shape [2], got [3]",
          () -> adam.loadState(wrong));
    }
  }

  @Test
  void refusesParametersAndBoundsItCannotUse() {
    assertMessage(
        "parameter 'n' is I64; the optimiser updates F32",
        () ->
            new Adam(
                List.of(new Adam.Group("g", Map.of("n", Tensor.of(new long[] {1}, 1)))),
                Adam.Options.plain()));
    Tensor p = parameter(1);
    assertMessage(
        "two parameters are named 'p'",
        () ->
            new Adam(
                List.of(new Adam.Group("g", Map.of("p", p)), new Adam.Group("h", Map.of("p", p))),
                Adam.Options.plain()));
    assertMessage(
        "group 'g': weight decay -1.0 is below 0 or not finite",
        () -> new Adam.Group("g", Map.of(), 1, -1));
    assertMessage("beta2 1.0 is outside [0, 1)", () -> new Adam.Options(0.9, 1, 1e-8, true));
    assertMessage("epsilon 0.0 is not above 0", () -> new Adam.Options(0.9, 0.9, 0, true));
  }

  private static void assertMessage(String message, Runnable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
  }
}
