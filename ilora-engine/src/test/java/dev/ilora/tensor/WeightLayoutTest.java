package dev.ilora.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightLayoutTest {
  private static final WeightLayout LAYOUT = layout("b", "a");

  @TempDir Path folder;

  private static WeightLayout layout(String... names) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (String name : names) {
      shapes.put(name, new long[] {2, 3});
    }
    return WeightLayout.of(shapes);
  }

  private String refusal(Map<String, Tensor> weights) {
    Path file = folder.resolve("weights.safetensors");
    SafeTensors.write(file, weights, Map.of());
    try (SafeTensors stored = SafeTensors.open(file)) {
      String message =
          assertThrows(
                  BadInputException.class,
                  () -> LAYOUT.load(stored, "this net", Device.CPU, DType.F32))
              .getMessage();
      assertEquals(file + ": ", message.substring(0, (file + ": ").length()));
      return message.substring((file + ": ").length());
    }
  }

  @Test
  void weightsAreMadeAndReadInOrder() {
    try (var _ = Scope.open()) {
      Map<String, Tensor> made =
          LAYOUT.create(Device.CPU, (name, shape) -> Tensor.zeros(shape).add(name.charAt(0)));
      assertEquals(List.of("b", "a"), List.copyOf(made.keySet()));
      Path file = folder.resolve("good.safetensors");
      SafeTensors.write(file, made, Map.of());
      try (SafeTensors stored = SafeTensors.open(file)) {
        Map<String, Tensor> read = LAYOUT.load(stored, "this net", Device.CPU, DType.F32);
        assertEquals(List.of("b", "a"), List.copyOf(read.keySet()));
        assertArrayEquals(made.get("b").toFloats(), read.get("b").toFloats());
      }
    }
  }

  @Test
  void everyWeightThatDoesNotFitIsNamed() {
    try (var _ = Scope.open()) {
      Tensor good = Tensor.zeros(2, 3);
      assertEquals(
          "not the weights of this net: weight 'b' is missing; weight 'c' is not expected",
          refusal(Map.of("a", good, "c", good)));
      assertEquals(
          "not the weights of this net: weight 'a': expected shape [2, 3], got [3]",
          refusal(Map.of("a", Tensor.zeros(3), "b", good)));
      assertEquals(
          "not the weights of this net: weight 'a': expected a floating type, got I64",
          refusal(Map.of("a", Tensor.of(new long[6], 2, 3), "b", good)));
    }
  }

  @Test
  void givenTensorsAreRefusedInTheSameWords() {
    try (var _ = Scope.open()) {
      Map<String, Tensor> given = Map.of("a", Tensor.zeros(3), "c", Tensor.zeros(1));
      assertEquals(
          "not the weights of this net: weight 'b' is missing;"
              + " weight 'a': expected shape [2, 3], got [3]; weight 'c' is not expected",
          assertThrows(IllegalArgumentException.class, () -> LAYOUT.require(given, "this net"))
              .getMessage());
      Map<String, Tensor> good = Map.of("a", Tensor.zeros(2, 3), "b", Tensor.zeros(2, 3));
      assertEquals(List.of("b", "a"), List.copyOf(LAYOUT.require(good, "this net").keySet()));
    }
  }

  @Test
  void ofManyMistakesTheFirstFourAreShown() {
    String[] names = IntStream.range(0, 6).mapToObj(i -> "w" + i).toArray(String[]::new);
    assertEquals(
        "not the weights of this net: weight 'w0' is missing; weight 'w1' is missing;"
            + " weight 'w2' is missing; weight 'w3' is missing; and 2 more",
        assertThrows(
                IllegalArgumentException.class, () -> layout(names).require(Map.of(), "this net"))
            .getMessage());
  }

  @Test
  void weightsToIgnoreMayBeThereOrNot() {
    try (var _ = Scope.open()) {
      WeightLayout tolerant = LAYOUT.ignoring("old"::equals);
      Map<String, Tensor> given = new LinkedHashMap<>();
      given.put("a", Tensor.zeros(2, 3));
      given.put("b", Tensor.zeros(2, 3));
      assertEquals(2, tolerant.require(given, "this net").size());
      given.put("old", Tensor.zeros(1));
      assertEquals(2, tolerant.require(given, "this net").size());
      assertThrows(IllegalArgumentException.class, () -> LAYOUT.require(given, "this net"));
    }
  }
}
