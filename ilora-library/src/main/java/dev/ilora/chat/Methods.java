package dev.ilora.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/** Methods of texts and mappings, as Python has them. */
final class Methods {
  private Methods() {}

  static Object call(Object on, String name, CallArguments arguments) {
    return switch (on) {
      case String text -> ofText(text, name, arguments);
      case Map<?, ?> map -> ofMap(map, name, arguments);
      default -> throw unknown(on, name, arguments);
    };
  }

  private static TemplateException unknown(Object on, String name, CallArguments arguments) {
    return new TemplateException(
        arguments.line(),
        "the method '%s' of %s is not understood".formatted(name, Values.kind(on)));
  }

  private static Object ofText(String text, String name, CallArguments arguments) {
    return switch (name) {
      case "strip" -> stripped(text, arguments.require(name, 0, 1), true, true);
      case "lstrip" -> stripped(text, arguments.require(name, 0, 1), true, false);
      case "rstrip" -> stripped(text, arguments.require(name, 0, 1), false, true);
      case "startswith" -> text.startsWith(arguments.require(name, 1, 1).text(0, name));
      case "endswith" -> text.endsWith(arguments.require(name, 1, 1).text(0, name));
      case "split" -> split(text, arguments.require(name, 0, 2));
      case "replace" ->
          text.replace(arguments.require(name, 2, 2).text(0, name), arguments.text(1, name));
      case "upper", "lower", "title", "capitalize" -> {
        arguments.require(name, 0, 0);
        yield cased(text, name);
      }
      default -> throw unknown(text, name, arguments);
    };
  }

  private static Object ofMap(Map<?, ?> map, String name, CallArguments arguments) {
    return switch (name) {
      case "items" -> {
        arguments.require(name, 0, 0);
        yield entries(map);
      }
      case "keys" -> {
        arguments.require(name, 0, 0);
        yield List.copyOf(map.keySet());
      }
      case "values" -> {
        arguments.require(name, 0, 0);
        yield List.copyOf(map.values());
      }
      case "get" -> {
        Object found = map.get(arguments.require(name, 1, 2).get(0));
        yield found != null ? found : arguments.count() == 2 ? arguments.get(1) : Values.NONE;
      }
      default -> throw unknown(map, name, arguments);
    };
  }

  /** Pairs of key and value. */
  static List<List<Object>> entries(Map<?, ?> map) {
    List<List<Object>> entries = new ArrayList<>();
    map.forEach((key, value) -> entries.add(List.of(key, value)));
    return entries;
  }

  /** Without white space, or the characters given, at its ends. */
  static String stripped(String text, CallArguments arguments, boolean left, boolean right) {
    IntPredicate drops;
    if (arguments.count() == 0) {
      drops = c -> Values.isSpace((char) c);
    } else {
      String characters = arguments.text(0, "strip");
      drops = c -> characters.indexOf(c) >= 0;
    }
    int start = 0;
    int end = text.length();
    while (left && start < end && drops.test(text.charAt(start))) {
      start++;
    }
    while (right && end > start && drops.test(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static List<Object> split(String text, CallArguments arguments) {
    List<Object> parts = new ArrayList<>();
    if (arguments.count() == 0) {
      StringBuilder word = new StringBuilder();
      for (int i = 0; i <= text.length(); i++) {
        char c = i < text.length() ? text.charAt(i) : ' ';
        if (!Values.isSpace(c)) {
          word.append(c);
        } else if (!word.isEmpty()) {
          parts.add(word.toString());
          word.setLength(0);
        }
      }
      return parts;
    }
    String separator = arguments.text(0, "split");
    int most = arguments.count() == 2 ? arguments.number(1, "split") : -1;
    if (separator.isEmpty()) {
      throw arguments.refusal("split");
    }
    int start = 0;
    int end = text.indexOf(separator);
    while (end >= 0 && (most < 0 || parts.size() < most)) {
      parts.add(text.substring(start, end));
      start = end + separator.length();
      end = text.indexOf(separator, start);
    }
    parts.add(text.substring(start));
    return parts;
  }

  /** In other letters. */
  static String cased(String text, String how) {
    return switch (how) {
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "capitalize" ->
          text.isEmpty()
              ? text
              : text.substring(0, 1).toUpperCase(Locale.ROOT)
                  + text.substring(1).toLowerCase(Locale.ROOT);
      default -> title(text);
    };
  }

  private static String title(String text) {
    StringBuilder title = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      title.append(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetter(c);
    }
    return title.toString();
  }
}
