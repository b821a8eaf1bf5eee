package dev.ilora.nn;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.tensor.WeightLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam with parameter groups. With gradient g, moments m and v, and t counting the steps in which a
 * parameter had a gradient:
 *
 * <pre>{@code
 * m = β1·m + (1-β1)·g        v = β2·v + (1-β2)·g²
 * p = p - rate · (m / (1-β1^t)) / (√v / √(1-β2^t) + ε)
 * }</pre>
 *
 * <p>Weight decay λ either shrinks the parameter itself by {@code rate·λ} (decoupled, AdamW) or is
 * added to the gradient as {@code λ·p} (plain Adam with an L2 penalty), see {@link Options}.
 *
 * <p>Moments live as long as the optimiser: make it outside the scope of a step. Parameters without
 * a gradient in a step are left alone, moments too.
 *
 * <p>Sources: Kingma and Ba, arXiv:1412.6980; Loshchilov and Hutter, arXiv:1711.05101.
 */
public final class Adam implements AutoCloseable {
  /**
   * Parameters that share a learning-rate factor and a weight decay.
   *
   * @param name for messages
   * @param parameters F32 leaves by name; names are unique over all groups
   * @param rateFactor multiplies the rate given to {@link Adam#step}
   * @param weightDecay λ, 0 for none
   */
  public record Group(
      String name, Map<String, Tensor> parameters, double rateFactor, double weightDecay) {
    /** Checks the bounds and keeps the parameters' order. */
    public Group {
      requireNotNegative(name, "learning-rate factor", rateFactor);
      requireNotNegative(name, "weight decay", weightDecay);
      parameters = new LinkedHashMap<>(parameters);
    }

    /** A group at the full rate without weight decay. */
    public Group(String name, Map<String, Tensor> parameters) {
      this(name, parameters, 1, 0);
    }

    private static void requireNotNegative(String group, String what, double value) {
      if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "group '%s': %s %s is below 0 or not finite".formatted(group, what, value));
      }
    }
  }

  /**
   * Constants of the update.
   *
   * @param beta1 β1, in [0, 1)
   * @param beta2 β2, in [0, 1)
   * @param epsilon ε, above 0
   * @param decoupled whether weight decay acts on the parameter instead of the gradient
   */
  public record Options(double beta1, double beta2, double epsilon, boolean decoupled) {
    /** Checks the bounds. */
    public Options {
      requireFraction("beta1", beta1);
      requireFraction("beta2", beta2);
      if (!(epsilon > 0)) {
        throw new IllegalArgumentException("epsilon " + epsilon + " is not above 0");
      }
    }

    /** β 0.9 and 0.999, ε 1e-8, weight decay as an L2 penalty: Adam as published. */
    public static Options plain() {
      return new Options(0.9, 0.999, 1e-8, false);
    }

    /** β 0.9 and 0.999, ε 1e-8, decoupled weight decay: AdamW as published. */
    public static Options adamW() {
      return new Options(0.9, 0.999, 1e-8, true);
    }

    private static void requireFraction(String name, double value) {
      if (!(value >= 0 && value < 1)) {
        throw new IllegalArgumentException(name + " " + value + " is outside [0, 1)");
      }
    }
  }

  private static final class Slot {
    final Group group;
    final Tensor parameter;
    final Tensor first;
    final Tensor second;
    long steps;

    Slot(Group group, Tensor parameter) {
      this.group = group;
      this.parameter = parameter;
      this.first = Tensor.zeros(DType.F32, parameter.device(), parameter.shape());
      this.second = Tensor.zeros(DType.F32, parameter.device(), parameter.shape());
    }
  }

  private static final String FIRST = ".first_moment";
  private static final String SECOND = ".second_moment";
  private static final String STEPS = ".steps";

  private final Options options;
  private final Map<String, Slot> slots = new LinkedHashMap<>();

  /**
   * Makes the moments of all parameters, zero.
   *
   * @throws IllegalArgumentException if two parameters share a name or one is not F32
   */
  public Adam(List<Group> groups, Options options) {
    this.options = options;
    for (Group group : groups) {
      group.parameters().forEach((name, parameter) -> add(group, name, parameter));
    }
  }

  private void add(Group group, String name, Tensor parameter) {
    if (parameter.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "parameter '%s' is %s; the optimiser updates F32".formatted(name, parameter.dtype()));
    }
    if (slots.containsKey(name)) {
      throw new IllegalArgumentException("two parameters are named '" + name + "'");
    }
    slots.put(name, new Slot(group, parameter));
  }

  /** All parameters, by name, in the order of the groups. */
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    slots.forEach((name, slot) -> parameters.put(name, slot.parameter));
    return parameters;
  }

  /**
   * Updates every parameter that has a gradient.
   *
   * @param rate learning rate before the groups' factors
   */
  public void step(double rate) {
    Torch.noGrad(
        () -> {
          try (var _ = Scope.open()) {
            slots.values().forEach(slot -> update(slot, rate * slot.group.rateFactor()));
          }
        });
  }

  private void update(Slot slot, double rate) {
    Tensor gradient = slot.parameter.grad();
    if (gradient == null) {
      return;
    }
    double decay = slot.group.weightDecay();
    if (decay > 0 && options.decoupled()) {
      slot.parameter.mulInPlace(1 - rate * decay);
    } else if (decay > 0) {
      gradient = gradient.add(slot.parameter.mul(decay));
    }
    slot.steps++;
    slot.first.mulInPlace(options.beta1()).addInPlace(gradient, 1 - options.beta1());
    slot.second.mulInPlace(options.beta2()).addcmulInPlace(gradient, gradient, 1 - options.beta2());
    double firstScale = 1 - Math.pow(options.beta1(), slot.steps);
    double secondScale = Math.sqrt(1 - Math.pow(options.beta2(), slot.steps));
    Tensor denominator = slot.second.sqrt().mulInPlace(1 / secondScale).add(options.epsilon());
    slot.parameter.addcdivInPlace(slot.first, denominator, -rate / firstScale);
  }

  /** Forgets all gradients. */
  public void zeroGrad() {
    slots.values().forEach(slot -> slot.parameter.clearGrad());
  }

  /**
   * Returns everything a resumed run needs: both moments of each parameter, sharing memory with the
   * optimiser, and the count of its steps (I64, made in the caller's scope).
   */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    slots.forEach(
        (name, slot) -> {
          state.put(name + FIRST, slot.first);
          state.put(name + SECOND, slot.second);
          state.put(name + STEPS, Tensor.of(new long[] {slot.steps}, 1));
        });
    return state;
  }

  /**
   * Takes over a state made by {@link #state()} on an optimiser with the same parameters.
   *
   * @throws IllegalArgumentException if a tensor is missing, unexpected or of another shape;
   *     nothing is changed then
   */
  public void loadState(Map<String, Tensor> state) {
    try (var _ = Scope.open()) {
      WeightLayout.like(state()).require(state, "this optimiser");
      slots.forEach((name, slot) -> load(name, slot, state));
    }
  }

  private static void load(String name, Slot slot, Map<String, Tensor> state) {
    slot.first.copyInPlace(state.get(name + FIRST));
    slot.second.copyInPlace(state.get(name + SECOND));
    slot.steps = state.get(name + STEPS).toLongs()[0];
  }

  /** Frees the moments; the parameters stay. */
  @Override
  public void close() {
    for (Slot slot : slots.values()) {
      slot.first.close();
      slot.second.close();
    }
  }
}
