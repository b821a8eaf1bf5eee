package dev.ilora.tensor;

import dev.ilora.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The names and shapes of all weights of something, in a stable order. Makes them, reads them from
 * a file, and checks that given ones are exactly those: none missing, none more, each of its shape.
 *
 * <p>What does not fit is refused with one message that names the weights:
 *
 * <pre>
 * not the weights of this GRU4Rec: weight 'a' is missing; weight 'b': expected shape [7], got [8];
 * weight 'c' is not expected
 * </pre>
 */
public final class WeightLayout {
  private static final int MISTAKES_SHOWN = 4;

  private final Map<String, long[]> shapes;
  private final Predicate<String> ignored;

  private WeightLayout(Map<String, long[]> shapes, Predicate<String> ignored) {
    this.shapes = new LinkedHashMap<>(shapes);
    this.ignored = ignored;
  }

  /** A layout of these shapes by name, in the map's order. */
  public static WeightLayout of(Map<String, long[]> shapes) {
    return new WeightLayout(shapes, _ -> false);
  }

  /** The layout that these tensors have. */
  public static WeightLayout like(Map<String, Tensor> tensors) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return of(shapes);
  }

  /** The same layout, which passes over other weights with such names instead of refusing them. */
  public WeightLayout ignoring(Predicate<String> names) {
    return new WeightLayout(shapes, names);
  }

  /** The names, in order. */
  public Set<String> names() {
    return shapes.keySet();
  }

  /** Takes each name and shape, in order. */
  public void forEach(BiConsumer<String, long[]> action) {
    shapes.forEach(action);
  }

  /**
   * Makes all weights, in order.
   *
   * @param first gives the first value of a weight from its name and shape, on any device
   * @return by name, on the device, in the caller's scope
   */
  public Map<String, Tensor> create(Device device, BiFunction<String, long[], Tensor> first) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          try (var scope = Scope.open()) {
            weights.put(name, scope.keep(first.apply(name, shape).to(device)));
          }
        });
    return weights;
  }

  /**
   * Reads all weights of a file.
   *
   * @param what they are the weights of, such as "this GRU4Rec"
   * @param dtype the floating type they get
   * @return by name, in order, in memory of their own
   * @throws BadInputException if a weight is missing, unexpected, of another shape or not of a
   *     floating type
   */
  public Map<String, Tensor> load(StoredTensors stored, String what, Device device, DType dtype) {
    require(stored, what);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    names().forEach(name -> weights.put(name, stored.load(name, device, dtype)));
    return weights;
  }

  /**
   * Checks that a file holds exactly these weights, without reading them.
   *
   * @param what they are the weights of, such as "this GRU4Rec"
   * @throws BadInputException as {@link #load}
   */
  public void require(StoredTensors stored, String what) {
    List<String> mistakes = mistakes(stored.names(), stored::shape);
    for (String name : shapes.keySet()) {
      if (stored.names().contains(name) && !stored.dtype(name).isFloating()) {
        mistakes.add(
            "weight '%s': expected a floating type, got %s".formatted(name, stored.dtype(name)));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new BadInputException(stored.path(), message(what, mistakes));
    }
  }

  /**
   * Checks that given weights are exactly these.
   *
   * @param what they are the weights of, such as "this optimiser"
   * @return the same tensors in order
   * @throws IllegalArgumentException if one is missing, unexpected or of another shape
   */
  public Map<String, Tensor> require(Map<String, Tensor> given, String what) {
    List<String> mistakes = mistakes(given.keySet(), name -> given.get(name).shape());
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(message(what, mistakes));
    }
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    names().forEach(name -> ordered.put(name, given.get(name)));
    return ordered;
  }

  private List<String> mistakes(Collection<String> given, Function<String, long[]> shapeOf) {
    List<String> mistakes = new ArrayList<>();
    shapes.forEach(
        (name, shape) -> {
          if (!given.contains(name)) {
            mistakes.add("weight '" + name + "' is missing");
          } else if (!Arrays.equals(shape, shapeOf.apply(name))) {
            mistakes.add(
                "weight '%s': expected shape %s, got %s"
                    .formatted(name, Arrays.toString(shape), Arrays.toString(shapeOf.apply(name))));
          }
        });
    given.stream()
        .filter(name -> !shapes.containsKey(name) && !ignored.test(name))
        .sorted()
        .forEach(name -> mistakes.add("weight '" + name + "' is not expected"));
    return mistakes;
  }

  private static String message(String what, List<String> mistakes) {
    int shown = Math.min(MISTAKES_SHOWN, mistakes.size());
    String more = mistakes.size() > shown ? "; and %s more".formatted(mistakes.size() - shown) : "";
    return "not the weights of %s: %s%s"
        .formatted(what, String.join("; ", mistakes.subList(0, shown)), more);
  }
}
