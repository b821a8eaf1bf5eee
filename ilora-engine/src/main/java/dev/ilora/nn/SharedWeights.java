package dev.ilora.nn;

import dev.ilora.machine.Workers;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.UnaryOperator;

/**
 * Weights that several threads run backward passes over at the same time, each with gradients of
 * its own, which are added up afterwards in a fixed order.
 */
public final class SharedWeights {
  private SharedWeights() {}

  /**
   * The same weights by the same names, with gradients of their own. A change of the weights in
   * place is a change of both.
   */
  public static Map<String, Tensor> shadows(Map<String, Tensor> weights) {
    Map<String, Tensor> shadows = new LinkedHashMap<>();
    weights.forEach(
        (name, weight) -> shadows.put(name, weight.detach().requiresGrad(weight.requiresGrad())));
    return shadows;
  }

  /**
   * Does work that makes gradients on several threads, each with a share of it and a model of its
   * own over the same weights, and adds all gradients to the first model's.
   *
   * @param shadow makes a model that shares weights, see {@link #shadows}
   * @param parameters a model's trained weights by name
   * @param sorted what to work on, from light to heavy
   * @param work does a share with a model and returns a number, such as its loss
   * @return the sum of these numbers
   */
  public static <M, T> double accumulate(
      int threads,
      M model,
      UnaryOperator<M> shadow,
      Function<M, Map<String, Tensor>> parameters,
      List<T> sorted,
      ToDoubleBiFunction<M, List<T>> work) {
    try (var _ = Scope.open()) {
      List<M> models = new ArrayList<>(List.of(model));
      while (models.size() < threads) {
        models.add(shadow.apply(model));
      }
      List<List<T>> shares = Workers.deal(sorted, threads);
      double sum =
          Workers.sum(
              threads, worker -> work.applyAsDouble(models.get(worker), shares.get(worker)));
      models
          .subList(1, threads)
          .forEach(own -> gather(parameters.apply(own), parameters.apply(model)));
      return sum;
    }
  }

  /** Adds the gradients of shadows to those of their weights, and clears them. */
  public static void gather(Map<String, Tensor> shadows, Map<String, Tensor> weights) {
    shadows.forEach(
        (name, shadow) -> {
          if (shadow.grad() != null) {
            weights.get(name).addGrad(shadow.grad());
            shadow.clearGrad();
          }
        });
  }
}
