package dev.ilora.chat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Values of templates and what Python does with them: texts, {@link Long}, {@link Double}, {@link
 * Boolean}, lists, maps, {@link #NONE} and {@link Undefined}.
 */
final class Values {
  /** Python's {@code None}. */
  static final None NONE = new None();

  /** The type of {@link #NONE}. */
  record None() {}

  /** What a name stands for that nothing was given for. */
  record Undefined(String name) {}

  /** A function of templates, by its name. */
  record Function(String name) {}

  private Values() {}

  /** White space as Python and jinja2 see it. */
  static boolean isSpace(char c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || c == '\u0085'
        || c >= '\u001c' && c <= '\u001f';
  }

  /** As it is written into the text. */
  static String text(Object value, int line) {
    return switch (value) {
      case String text -> text;
      case Boolean truth -> truth ? "True" : "False";
      case Long number -> number.toString();
      case Double number when Double.isFinite(number) && Math.abs(number) < 1e7 ->
          number.toString();
      case Undefined _ -> "";
      case None _ -> "None";
      default ->
          throw new TemplateException(line, kind(value) + " cannot be written; tojson writes one");
    };
  }

  /** For messages. */
  static String kind(Object value) {
    return switch (value) {
      case String _ -> "a text";
      case Boolean _ -> "a truth value";
      case Long _, Double _ -> "a number";
      case List<?> _ -> "a list";
      case Map<?, ?> _ -> "a mapping";
      case Undefined undefined -> "'" + undefined.name() + "', which is not defined,";
      case Function function -> "the function " + function.name();
      default -> "none";
    };
  }

  static boolean truth(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case String text -> !text.isEmpty();
      case Long number -> number != 0;
      case Double number -> number != 0;
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case Undefined _ -> false;
      case None _ -> false;
      default -> true;
    };
  }

  static boolean equal(Object left, Object right) {
    if (number(left) instanceof Number a && number(right) instanceof Number b) {
      return a.doubleValue() == b.doubleValue();
    }
    if (left instanceof Undefined || right instanceof Undefined) {
      return left instanceof Undefined && right instanceof Undefined;
    }
    return Objects.equals(left, right);
  }

  /** Python counts with truth values: True is 1. */
  private static Object number(Object value) {
    return value instanceof Boolean truth ? (Object) (truth ? 1L : 0L) : value;
  }

  static int compare(Object left, Object right, int line) {
    if (left instanceof Number a && right instanceof Number b) {
      return Double.compare(a.doubleValue(), b.doubleValue());
    }
    if (left instanceof String a && right instanceof String b) {
      return a.compareTo(b);
    }
    throw new TemplateException(
        line, "%s and %s cannot be compared".formatted(kind(left), kind(right)));
  }

  static boolean contains(Object container, Object item, int line) {
    return switch (container) {
      case String text when item instanceof String part -> text.contains(part);
      case List<?> list -> list.stream().anyMatch(each -> equal(each, item));
      case Map<?, ?> map -> map.containsKey(item);
      case Undefined _ -> false;
      default ->
          throw new TemplateException(
              line, "%s cannot be in %s".formatted(kind(item), kind(container)));
    };
  }

  /** What a loop goes through: items, keys, or characters. */
  static List<?> items(Object value, int line) {
    return switch (value) {
      case List<?> list -> list;
      case Map<?, ?> map -> List.copyOf(map.keySet());
      case String text -> text.codePoints().mapToObj(Character::toString).toList();
      case Undefined _ -> List.of();
      default -> throw new TemplateException(line, kind(value) + " has no items");
    };
  }

  /** As {@code json.dumps(value, ensure_ascii=False)} writes it. */
  static String json(Object value, int line) {
    StringBuilder json = new StringBuilder();
    write(json, value, line);
    return json.toString();
  }

  private static void write(StringBuilder json, Object value, int line) {
    switch (value) {
      case String text -> quote(json, text);
      case Boolean truth -> json.append(truth);
      case None _ -> json.append("null");
      case List<?> list -> {
        String separator = "";
        json.append('[');
        for (Object item : list) {
          json.append(separator);
          write(json, item, line);
          separator = ", ";
        }
        json.append(']');
      }
      case Map<?, ?> map -> {
        String separator = "";
        json.append('{');
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.append(separator);
          quote(json, text(entry.getKey(), line));
          json.append(": ");
          write(json, entry.getValue(), line);
          separator = ", ";
        }
        json.append('}');
      }
      case Long _, Double _ -> json.append(text(value, line));
      default -> throw new TemplateException(line, kind(value) + " cannot be written as JSON");
    }
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        default -> json.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : c);
      }
    }
    json.append('"');
  }
}
