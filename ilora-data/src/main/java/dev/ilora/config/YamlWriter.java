package dev.ilora.config;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes records as YAML: two spaces a level, lists of plain values in one line, and a record of a
 * sealed family that has only its defaults as the name of its kind.
 */
final class YamlWriter {
  private static final Set<String> RESERVED =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

  private YamlWriter() {}

  static String write(Record config) {
    StringBuilder yaml = new StringBuilder();
    keys(fields(config), "", yaml);
    return yaml.toString();
  }

  private static void keys(Map<String, Object> fields, String indent, StringBuilder yaml) {
    fields.forEach(
        (name, value) -> {
          yaml.append(indent).append(text(name)).append(':');
          value(value, indent, yaml);
        });
  }

  /** Writes what follows a colon or dash, line end included. */
  private static void value(Object value, String indent, StringBuilder yaml) {
    switch (value) {
      case Optional<?> optional when optional.isPresent() -> value(optional.get(), indent, yaml);
      case Record member when isUsual(member) ->
          yaml.append(' ').append(Variants.name(member.getClass())).append('\n');
      case Record nested -> nested(fields(nested), indent, yaml);
      case List<?> list when list.stream().allMatch(YamlWriter::plain) ->
          yaml.append(
              list.stream().map(YamlWriter::scalar).collect(Collectors.joining(", ", " [", "]\n")));
      case List<?> list -> {
        yaml.append('\n');
        for (Object element : list) {
          StringBuilder item = new StringBuilder();
          value(element, indent + "  ", item);
          yaml.append(indent).append("  - ").append(item.toString().strip()).append('\n');
        }
      }
      case Object plain -> yaml.append(' ').append(scalar(plain)).append('\n');
    }
  }

  private static void nested(Map<String, Object> fields, String indent, StringBuilder yaml) {
    yaml.append(fields.isEmpty() ? " {}\n" : "\n");
    keys(fields, indent + "  ", yaml);
  }

  private static boolean plain(Object value) {
    return !(value instanceof Record || value instanceof List);
  }

  private static Map<String, Object> fields(Record config) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (isMember(config)) {
      fields.put(Variants.KIND, Variants.name(config.getClass()));
    }
    for (RecordComponent component : config.getClass().getRecordComponents()) {
      fields.put(component.getName(), read(component, config));
    }
    return fields;
  }

  /** Whether a record is one of a sealed family. */
  private static boolean isMember(Record config) {
    return Arrays.stream(config.getClass().getInterfaces()).anyMatch(Class::isSealed);
  }

  /** Whether a record is what the name of its kind stands for. */
  private static boolean isUsual(Record config) {
    return isMember(config) && Binder.usual(config.getClass()).equals(Optional.of(config));
  }

  private static Object read(RecordComponent component, Record config) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(config);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  private static String scalar(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.map(YamlWriter::scalar).orElse("null");
      case Double number -> number(new BigDecimal(number.toString()), number.toString());
      case Float number -> number(new BigDecimal(number.toString()), number.toString());
      case Enum<?> constant -> text(Variants.name(constant));
      case Long _, Integer _, Boolean _ -> value.toString();
      case Object other -> text(other.toString());
    };
  }

  /** Plain decimals where they stay short. */
  private static String number(BigDecimal exact, String otherwise) {
    String plain = exact.stripTrailingZeros().toPlainString();
    if (plain.length() > 16) {
      return otherwise;
    }
    return plain.contains(".") ? plain : plain + ".0";
  }

  private static String text(String text) {
    boolean plain =
        text.matches("[\\p{L}_./]([\\p{L}\\p{N}_./ +-]*[\\p{L}\\p{N}_./+-])?")
            && !RESERVED.contains(text.toLowerCase(Locale.ROOT))
            && !text.matches("\\.([0-9].*|(?i:inf|nan))");
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (c < ' ' || c == 0x7f || c >= 0x80 && !Character.isLetterOrDigit(c)) {
                quoted.append((c > 0xffff ? "\\U%08x" : "\\u%04x").formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }
}
