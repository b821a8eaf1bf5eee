package dev.ilora.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Filters of templates: {@code value|name}. */
final class Filters {
  private Filters() {}

  static Object apply(String name, Object value, CallArguments arguments) {
    int line = arguments.line();
    return switch (name) {
      case "default", "d" -> defaulted(value, arguments);
      case "join" -> joined(value, arguments.require(name, 0, 1));
      case "replace" ->
          Values.text(value, line)
              .replace(arguments.require(name, 2, 2).text(0, name), arguments.text(1, name));
      case "map" -> mapped(value, arguments);
      case "selectattr" -> selected(value, arguments.require(name, 1, 3), true);
      case "rejectattr" -> selected(value, arguments.require(name, 1, 3), false);
      default -> plain(name, value, arguments.require(name, 0, 0));
    };
  }

  private static Object plain(String name, Object value, CallArguments arguments) {
    int line = arguments.line();
    return switch (name) {
      case "trim" -> Methods.stripped(Values.text(value, line), arguments, true, true);
      case "upper", "lower", "capitalize" -> Methods.cased(Values.text(value, line), name);
      case "string" -> Values.text(value, line);
      case "safe" -> value;
      case "tojson" -> Values.json(value, line);
      case "length", "count" ->
          value instanceof Map<?, ?> map
              ? (long) map.size()
              : (long) Values.items(value, line).size();
      case "first" -> Operators.item(Values.items(value, line), 0L, line);
      case "last" -> Operators.item(Values.items(value, line), -1L, line);
      case "list" -> Values.items(value, line);
      case "reverse" ->
          value instanceof String text
              ? new StringBuilder(text).reverse().toString()
              : Values.items(value, line).reversed();
      case "items" ->
          value instanceof Map<?, ?> map ? Methods.entries(map) : Values.items(value, line);
      case "int" -> whole(value, arguments);
      default -> throw new TemplateException(line, "the filter '" + name + "' is not understood");
    };
  }

  private static Object whole(Object value, CallArguments arguments) {
    return switch (value) {
      case Long number -> number;
      case String text when text.strip().matches("[-+]?\\d{1,18}") -> Long.valueOf(text.strip());
      default -> throw arguments.refusal("int");
    };
  }

  private static Object defaulted(Object value, CallArguments arguments) {
    if (!arguments.named().isEmpty() && !arguments.named().keySet().equals(Set.of("boolean"))
        || arguments.count() > 2) {
      throw arguments.refusal("default");
    }
    boolean anyFalse =
        arguments.count() == 2
            ? Values.truth(arguments.get(1))
            : Values.truth(arguments.named().getOrDefault("boolean", false));
    boolean missing = value instanceof Values.Undefined || anyFalse && !Values.truth(value);
    return missing ? arguments.count() == 0 ? "" : arguments.get(0) : value;
  }

  private static String joined(Object value, CallArguments arguments) {
    String separator = arguments.count() == 0 ? "" : arguments.text(0, "join");
    return Values.items(value, arguments.line()).stream()
        .map(item -> Values.text(item, arguments.line()))
        .collect(Collectors.joining(separator));
  }

  private static List<Object> mapped(Object value, CallArguments arguments) {
    List<Object> results = new ArrayList<>();
    boolean attribute =
        arguments.count() == 0
            && arguments.named().keySet().equals(Set.of("attribute"))
            && arguments.named().get("attribute") instanceof String;
    for (Object item : Values.items(value, arguments.line())) {
      if (attribute) {
        String name = (String) arguments.named().get("attribute");
        results.add(Operators.attribute(item, name, arguments.line()));
      } else {
        String filter = arguments.require("map", 1, 1).text(0, "map");
        results.add(apply(filter, item, new CallArguments(List.of(), Map.of(), arguments.line())));
      }
    }
    return results;
  }

  private static List<Object> selected(Object value, CallArguments arguments, boolean wanted) {
    List<Object> results = new ArrayList<>();
    for (Object item : Values.items(value, arguments.line())) {
      Object found = Operators.attribute(item, arguments.text(0, "selectattr"), arguments.line());
      if (holds(found, arguments) == wanted) {
        results.add(item);
      }
    }
    return results;
  }

  private static boolean holds(Object found, CallArguments arguments) {
    if (arguments.count() == 1) {
      return Values.truth(found);
    }
    String test = arguments.text(1, "selectattr");
    if (arguments.count() == 2) {
      return Conditions.holds(test, found, arguments.line());
    }
    return switch (test) {
      case "equalto", "==", "eq" -> Values.equal(found, arguments.get(2));
      case "ne", "!=" -> !Values.equal(found, arguments.get(2));
      case "in" -> Values.contains(arguments.get(2), found, arguments.line());
      default -> throw arguments.refusal("selectattr");
    };
  }
}
