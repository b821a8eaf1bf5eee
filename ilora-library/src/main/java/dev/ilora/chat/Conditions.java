package dev.ilora.chat;

import java.util.List;
import java.util.Map;

/** What {@code value is name} asks. */
final class Conditions {
  private Conditions() {}

  static boolean holds(String name, Object value, int line) {
    return switch (name) {
      case "defined" -> !(value instanceof Values.Undefined);
      case "undefined" -> value instanceof Values.Undefined;
      case "none" -> value instanceof Values.None;
      case "string" -> value instanceof String;
      case "mapping" -> value instanceof Map;
      case "number" -> value instanceof Number || value instanceof Boolean;
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value.equals(true);
      case "false" -> value.equals(false);
      case "iterable", "sequence" ->
          value instanceof String
              || value instanceof List
              || value instanceof Map
              || value instanceof Values.Undefined;
      case "callable" -> value instanceof Values.Function;
      case "odd", "even" -> {
        if (value instanceof Long number) {
          yield (number % 2 == 0) == name.equals("even");
        }
        throw new TemplateException(line, Values.kind(value) + " is neither odd nor even");
      }
      default -> throw new TemplateException(line, "the test '" + name + "' is not understood");
    };
  }
}
