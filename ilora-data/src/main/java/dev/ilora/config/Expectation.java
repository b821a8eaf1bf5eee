package dev.ilora.config;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Says in words what a component accepts, and checks its bounds. */
final class Expectation {
  private Expectation() {}

  /** What the type accepts within the component's bounds; the component may be null. */
  static String of(Type type, RecordComponent component) {
    Class<?> raw = Types.raw(type);
    String what = plain(raw);
    List<String> bounds = Types.isNumber(raw) ? bounds(component) : List.of();
    if (raw == List.class) {
      return "a list, each " + of(Types.argument(type, 0), component);
    }
    return bounds.isEmpty() ? what : what + " " + String.join(" and ", bounds);
  }

  private static String plain(Class<?> raw) {
    if (raw.isEnum()) {
      return "one of " + String.join(", ", Variants.constants(raw).keySet());
    } else if (raw.isSealed() && !raw.isRecord()) {
      return "one of " + String.join(", ", Variants.records(raw).keySet());
    } else if (raw == boolean.class || raw == Boolean.class) {
      return "true or false";
    } else if (Types.isWhole(raw)) {
      return "a whole number";
    } else if (Types.isNumber(raw)) {
      return "a number";
    } else if (raw == Path.class) {
      return "a path";
    }
    return raw.isRecord() ? "keys with values" : "text";
  }

  /** Whether the number lies within the component's bounds. */
  static boolean within(double number, RecordComponent component) {
    if (component == null) {
      return true;
    }
    AtLeast atLeast = component.getAnnotation(AtLeast.class);
    AtMost atMost = component.getAnnotation(AtMost.class);
    Above above = component.getAnnotation(Above.class);
    Below below = component.getAnnotation(Below.class);
    return (atLeast == null || number >= atLeast.value())
        && (atMost == null || number <= atMost.value())
        && (above == null || number > above.value())
        && (below == null || number < below.value());
  }

  private static List<String> bounds(RecordComponent component) {
    List<String> bounds = new ArrayList<>();
    if (component == null) {
      return bounds;
    }
    if (component.isAnnotationPresent(AtLeast.class)) {
      bounds.add("of at least " + shown(component.getAnnotation(AtLeast.class).value()));
    }
    if (component.isAnnotationPresent(Above.class)) {
      bounds.add("above " + shown(component.getAnnotation(Above.class).value()));
    }
    if (component.isAnnotationPresent(AtMost.class)) {
      bounds.add("at most " + shown(component.getAnnotation(AtMost.class).value()));
    }
    if (component.isAnnotationPresent(Below.class)) {
      bounds.add("below " + shown(component.getAnnotation(Below.class).value()));
    }
    return bounds;
  }

  private static String shown(double bound) {
    return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
  }
}
