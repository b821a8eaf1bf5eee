package dev.ilora.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What operators and subscripts give, as in Python. */
final class Operators {
  private static final int MOST_CHARACTERS = 1_000_000;

  private Operators() {}

  static Object attribute(Object value, String name, int line) {
    return switch (value) {
      case Map<?, ?> map -> found(map.get(name), name);
      case TemplateRenderer.Namespace(Map<String, Object> values) -> found(values.get(name), name);
      case Values.Undefined undefined ->
          throw new TemplateException(
              line, "'%s' is not defined, so it has no %s".formatted(undefined.name(), name));
      default -> new Values.Undefined(name);
    };
  }

  private static Object found(Object value, String name) {
    return value == null ? new Values.Undefined(name) : value;
  }

  static Object item(Object value, Object index, int line) {
    return switch (value) {
      case Map<?, ?> map -> found(map.get(index), Values.text(index, line));
      case List<?> list when index instanceof Long place -> at(list, place);
      case String text when index instanceof Long place -> at(Values.items(text, line), place);
      case Values.Undefined undefined ->
          throw new TemplateException(
              line, "'%s' is not defined, so it has no items".formatted(undefined.name()));
      default -> new Values.Undefined(Values.text(index, line));
    };
  }

  private static Object at(List<?> list, long place) {
    long from = place < 0 ? place + list.size() : place;
    return from < 0 || from >= list.size()
        ? new Values.Undefined("item " + place)
        : list.get(Math.toIntExact(from));
  }

  static Object slice(
      Object value, Optional<Object> from, Optional<Object> to, Optional<Object> step, int line) {
    List<?> items = Values.items(value, line);
    long size = items.size();
    long by = step.map(bound -> number(bound, line)).orElse(1L);
    if (by == 0) {
      throw new TemplateException(line, "a step of 0");
    }
    long lowest = by > 0 ? 0 : -1;
    long highest = by > 0 ? size : size - 1;
    long start = from.map(b -> bound(b, size, lowest, highest, line)).orElse(by > 0 ? 0 : size - 1);
    long end = to.map(b -> bound(b, size, lowest, highest, line)).orElse(by > 0 ? size : -1);
    List<Object> taken = new ArrayList<>();
    for (long i = start; by > 0 ? i < end : i > end; i += by) {
      taken.add(items.get(Math.toIntExact(i)));
    }
    if (value instanceof String) {
      StringBuilder text = new StringBuilder();
      taken.forEach(text::append);
      return text.toString();
    }
    return taken;
  }

  private static long bound(Object bound, long size, long lowest, long highest, int line) {
    long place = number(bound, line);
    return Math.clamp(place < 0 ? place + size : place, lowest, highest);
  }

  private static long number(Object value, int line) {
    if (value instanceof Long number && Math.abs(number) < Integer.MAX_VALUE) {
      return number;
    }
    throw new TemplateException(line, Values.kind(value) + " cannot be a place in a list");
  }

  static Object unary(String operator, Object value, int line) {
    return switch (operator) {
      case "not" -> !Values.truth(value);
      case "-" ->
          switch (value) {
            case Long number -> -number;
            case Double number -> -number;
            default -> throw impossible(operator, value, value, line);
          };
      default -> value;
    };
  }

  private static TemplateException impossible(
      String operator, Object left, Object right, int line) {
    return new TemplateException(
        line,
        "%s %s %s is not possible".formatted(Values.kind(left), operator, Values.kind(right)));
  }

  static boolean compare(String operator, Object left, Object right, int line) {
    return switch (operator) {
      case "==" -> Values.equal(left, right);
      case "!=" -> !Values.equal(left, right);
      case "in" -> Values.contains(right, left, line);
      case "not in" -> !Values.contains(right, left, line);
      case "<" -> Values.compare(left, right, line) < 0;
      case "<=" -> Values.compare(left, right, line) <= 0;
      case ">" -> Values.compare(left, right, line) > 0;
      default -> Values.compare(left, right, line) >= 0;
    };
  }

  static Object binary(String operator, Object left, Object right, int line) {
    if (operator.equals("~")) {
      return bounded(Values.text(left, line) + Values.text(right, line), line);
    }
    if (left instanceof Long a && right instanceof Long b) {
      return whole(operator, a, b, line);
    }
    if (left instanceof Number a && right instanceof Number b) {
      return fractions(operator, a.doubleValue(), b.doubleValue(), line);
    }
    if (operator.equals("+") && left instanceof String a && right instanceof String b) {
      return bounded(a + b, line);
    }
    if (operator.equals("*") && left instanceof String a && right instanceof Long b) {
      return bounded(a.repeat(Math.clamp(b, 0, MOST_CHARACTERS / Math.max(1, a.length()))), line);
    }
    if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
      List<Object> both = new ArrayList<>(a);
      both.addAll(b);
      return both;
    }
    throw impossible(operator, left, right, line);
  }

  /** Joining a text with itself again and again ends here. */
  private static String bounded(String text, int line) {
    if (text.length() > MOST_CHARACTERS) {
      throw new TemplateException(line, "a text of more than 1,000,000 characters");
    }
    return text;
  }

  private static Object whole(String operator, long a, long b, int line) {
    if (b == 0 && !operator.matches("[-+*]")) {
      throw new TemplateException(line, "a division by 0");
    }
    try {
      return switch (operator) {
        case "+" -> Math.addExact(a, b);
        case "-" -> Math.subtractExact(a, b);
        case "*" -> Math.multiplyExact(a, b);
        case "//" -> Math.floorDiv(a, b);
        case "%" -> Math.floorMod(a, b);
        default -> (double) a / b;
      };
    } catch (ArithmeticException e) {
      throw new TemplateException(line, "a number that is too large");
    }
  }

  private static double fractions(String operator, double a, double b, int line) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      default -> throw new TemplateException(line, operator + " of fractions is not understood");
    };
  }
}
