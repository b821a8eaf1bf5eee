package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.config.Above;
import dev.ilora.config.AtLeast;
import dev.ilora.config.AtMost;
import dev.ilora.config.Below;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.pretrain.BaseRecipe;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number of a recipe has a least and a greatest value, and both are enforced. */
class RecipeBoundsTest {
  private static final String DATA = "method=ilora";

  /**
   * A number among the keys.
   *
   * @param kind what else must be set for the key to be there, empty where nothing
   */
  record Numeric(Class<? extends Record> type, String key, String kind, RecordComponent component) {
    @Override
    public String toString() {
      return type.getSimpleName() + " " + key + " " + kind;
    }
  }

  static List<Numeric> numbers() {
    List<Numeric> found = new ArrayList<>();
    collect(Recipe.class, Recipe.class, "", "", found);
    collect(BaseRecipe.class, BaseRecipe.class, "", "", found);
    return found;
  }

  private static void collect(
      Class<? extends Record> root,
      Class<?> type,
      String prefix,
      String kind,
      List<Numeric> found) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + component.getName();
      Class<?> held = held(component.getGenericType());
      if (held.isPrimitive() && held != boolean.class || Number.class.isAssignableFrom(held)) {
        found.add(new Numeric(root, key, kind, component));
      } else if (held.isRecord()) {
        collect(root, held, key + ".", kind, found);
      } else if (held.isSealed() && held.isInterface()) {
        members(held)
            .forEach(one -> collect(root, one, key + ".", key + ".kind=" + name(one), found));
      }
    }
  }

  private static Stream<Class<?>> members(Class<?> family) {
    return Stream.of(family.getPermittedSubclasses())
        .flatMap(one -> one.isRecord() ? Stream.of(one) : members(one));
  }

  private static String name(Class<?> member) {
    return member
        .getSimpleName()
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  private static Class<?> held(Type type) {
    return type instanceof ParameterizedType generic
        ? held(generic.getActualTypeArguments()[0])
        : (Class<?>) type;
  }

  @Test
  void thereAreNumbersInEveryPart() {
    List<String> keys = numbers().stream().map(Numeric::key).toList();
    assertTrue(
        keys.containsAll(
            List.of("seed", "rows.history", "adapter.ranks", "adapter.gate.noise", "size.layers")),
        keys.toString());
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void aNumberOutOfRangeIsRefusedWithItsBound(Numeric number) {
    RecordComponent component = number.component();
    AtMost most = component.getAnnotation(AtMost.class);
    Below below = component.getAnnotation(Below.class);
    AtLeast least = component.getAnnotation(AtLeast.class);
    Above above = component.getAnnotation(Above.class);
    assertTrue(most != null || below != null, "no upper bound");
    assertTrue(least != null || above != null, "no lower bound");
    double highest = most != null ? most.value() : below.value();
    double lowest = least != null ? least.value() : above.value();
    String upper = (most != null ? "at most " : "below ") + plain(highest);
    String lower = (least != null ? "of at least " : "above ") + plain(lowest);
    boolean whole = !held(component.getGenericType()).getSimpleName().equalsIgnoreCase("double");
    for (String value :
        List.of(whole ? plain(highest * 2 + 2) : "1e300", plain(lowest - Math.abs(lowest) - 1))) {
      String mistake =
          assertThrows(ConfigException.class, () -> bind(number, value)).mistakes().stream()
              .filter(line -> line.contains(" " + number.key()))
              .findFirst()
              .orElse(null);
      assertNotNull(mistake);
      assertTrue(mistake.contains(lower) && mistake.contains(upper), mistake);
    }
  }

  private static void bind(Numeric number, String value) {
    List<String> words = new ArrayList<>();
    if (number.type() == Recipe.class) {
      words.addAll(List.of(DATA, "data=x"));
    }
    if (!number.kind().isEmpty()) {
      words.add(number.kind());
    }
    words.add(number.key() + "=" + value);
    Config.bind(number.type(), words);
  }

  private static String plain(double value) {
    return java.math.BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  @Test
  void theSettingsThatBrokeNativeCodeAreRefusedAtOnce() {
    long start = System.nanoTime();
    Map<String, String> broke =
        Map.of(
            "adapter.rank=2147483632", "a whole number of at least 1 and at most 1024",
            "rows.history=2147483647", "a whole number of at least 1 and at most 4096",
            "training.learningRate=1e300", "a number above 0 and at most 10",
            "training.projectorRate=1e300", "a number above 0 and at most 1000");
    broke.forEach(
        (word, expected) -> {
          String[] parts = word.split("=", 2);
          assertEquals(
              List.of("command line: %s = %s: expected %s".formatted(parts[0], parts[1], expected)),
              assertThrows(
                      ConfigException.class,
                      () ->
                          Config.bind(
                              Recipe.class,
                              List.of(DATA, "data=x", "prompt.embeddings=replace", word)))
                  .mistakes()
                  .stream()
                  .filter(line -> line.contains(parts[0]))
                  .toList());
        });
    assertTrue(System.nanoTime() - start < 5e9);
  }
}
