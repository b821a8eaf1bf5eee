package dev.ilora.experiment;

import dev.ilora.config.Above;
import dev.ilora.config.AtLeast;
import dev.ilora.config.AtMost;
import dev.ilora.config.Below;
import dev.ilora.config.Default;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All keys of a configuration record as Markdown: a table for each nested record, then what the
 * names of each choice mean. Types, defaults and bounds come from the classes, meanings from the
 * Javadoc in their sources.
 */
final class RecipeTable {
  private static final String BEFORE =
      "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*";

  private final Path root;
  private final StringBuilder choices = new StringBuilder();

  private RecipeTable(Path root) {
    this.root = root;
  }

  /**
   * Describes a record.
   *
   * @param root folder with the modules' sources
   */
  static String of(Class<? extends Record> type, Path root) {
    RecipeTable table = new RecipeTable(root);
    String tables = table.section("", type);
    return tables + "## Choices\n" + table.choices;
  }

  private String section(String prefix, Class<?> type) {
    StringBuilder rows = new StringBuilder();
    StringBuilder nested = new StringBuilder();
    rows(prefix, type, "", rows, nested);
    String title =
        prefix.isEmpty() ? "The run" : '`' + prefix.substring(0, prefix.length() - 1) + '`';
    return "## %s\n%s\n\n| key | type | default | bounds | meaning |\n|---|---|---|---|---|\n%s\n%s"
        .formatted(title, description(type), rows, nested);
  }

  private void rows(
      String prefix, Class<?> type, String condition, StringBuilder rows, StringBuilder nested) {
    Map<String, String> meanings = meanings(type);
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + component.getName();
      Class<?> held = held(component.getGenericType());
      if (held.isRecord()) {
        nested.append(section(key + ".", held));
        continue;
      }
      rows.append(
          "| `%s` | %s | %s | %s | %s%s |%n"
              .formatted(
                  key,
                  typeName(component.getGenericType()),
                  defaultOf(component),
                  bounds(component),
                  condition,
                  meanings.getOrDefault(component.getName(), "").replace("|", "\\|")));
      if (isChoice(held)) {
        choices.append("\n`").append(key).append("`\n\n").append(constants(held));
      }
      for (Class<?> member : members(held)) {
        rows(key + ".", member, "with `" + name(member) + "`: ", rows, nested);
      }
    }
  }

  /** A type without its Optional or List. */
  private static Class<?> held(Type type) {
    return type instanceof ParameterizedType generic
        ? held(generic.getActualTypeArguments()[0])
        : (Class<?>) type;
  }

  private static String typeName(Type type) {
    if (type instanceof ParameterizedType generic) {
      String inner = typeName(generic.getActualTypeArguments()[0]);
      return generic.getRawType() == List.class ? "list: " + inner : inner;
    }
    Class<?> raw = (Class<?>) type;
    if (isChoice(raw)) {
      return "a choice";
    }
    return switch (raw.getSimpleName()) {
      case "int", "Integer", "long", "Long" -> "whole number";
      case "double", "Double" -> "number";
      case "boolean", "Boolean" -> "true, false";
      case "String" -> "text";
      default -> raw.getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  private static String defaultOf(RecordComponent component) {
    if (component.getType() == Optional.class) {
      return "-";
    }
    return Optional.ofNullable(component.getAnnotation(Default.class))
        .map(given -> '`' + given.value() + '`')
        .orElse("required");
  }

  private static String bounds(RecordComponent component) {
    List<String> bounds = new ArrayList<>();
    Optional.ofNullable(component.getAnnotation(AtLeast.class))
        .ifPresent(bound -> bounds.add("at least " + number(bound.value())));
    Optional.ofNullable(component.getAnnotation(Above.class))
        .ifPresent(bound -> bounds.add("above " + number(bound.value())));
    Optional.ofNullable(component.getAnnotation(AtMost.class))
        .ifPresent(bound -> bounds.add("at most " + number(bound.value())));
    Optional.ofNullable(component.getAnnotation(Below.class))
        .ifPresent(bound -> bounds.add("below " + number(bound.value())));
    return String.join(", ", bounds);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static boolean isChoice(Class<?> type) {
    return type.isEnum() || type.isSealed();
  }

  /** The records of a sealed family, of families in it as well. */
  private static List<Class<?>> members(Class<?> type) {
    return type.isSealed() && type.isInterface()
        ? Arrays.stream(type.getPermittedSubclasses())
            .flatMap(one -> one.isRecord() ? Stream.of(one) : members(one).stream())
            .toList()
        : List.of();
  }

  /** Each name of an enum or a sealed family with its meaning. */
  private String constants(Class<?> type) {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants())
            .map(one -> line(file(((Enum<?>) one).name()), constantMeaning(type, (Enum<?>) one)))
            .collect(Collectors.joining())
        : members(type).stream()
            .map(one -> line(name(one), description(one)))
            .collect(Collectors.joining());
  }

  private static String line(String name, String meaning) {
    return "- `%s`%s%n".formatted(name, meaning.isEmpty() ? "" : ": " + meaning);
  }

  private static String name(Class<?> member) {
    return file(member.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_"));
  }

  private static String file(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String constantMeaning(Class<?> type, Enum<?> constant) {
    String javadoc = javadoc(type, "\\b" + constant.name() + "\\b\\s*[(,;{\\n/]");
    return text(javadoc.split("\n\\s*@|<p>", 2)[0]);
  }

  /** The first paragraph of a type's Javadoc. */
  private String description(Class<?> type) {
    return text(typeJavadoc(type).split("(?m)^\\s*@param|<p>", 2)[0]);
  }

  private Map<String, String> meanings(Class<?> type) {
    Map<String, String> meanings = new LinkedHashMap<>();
    Matcher param =
        Pattern.compile("(?ms)^\\s*@param (\\w+)\\s+(.*?)(?=^\\s*@|\\z)")
            .matcher(typeJavadoc(type));
    while (param.find()) {
      meanings.put(param.group(1), text(param.group(2)));
    }
    return meanings;
  }

  private String typeJavadoc(Class<?> type) {
    return javadoc(
        type,
        "(?:(?:public|static|private|sealed) )*(?:record|enum|interface) "
            + type.getSimpleName()
            + "\\b");
  }

  /** The Javadoc before what matches in the source of a type, without stars. */
  private String javadoc(Class<?> type, String what) {
    Matcher found = Pattern.compile(BEFORE + what, Pattern.DOTALL).matcher(source(type));
    return found.find() ? found.group(1).replaceAll("(?m)^\\s*\\* ?", "").strip() : "";
  }

  private String source(Class<?> type) {
    Class<?> outer = type;
    while (outer.getEnclosingClass() != null) {
      outer = outer.getEnclosingClass();
    }
    String path = "src/main/java/" + outer.getName().replace('.', '/') + ".java";
    try (Stream<Path> modules = Files.list(root)) {
      Path file =
          modules
              .map(module -> module.resolve(path))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Javadoc as a line of Markdown. */
  private static String text(String javadoc) {
    return javadoc
        .replaceAll("\\s+", " ")
        .replaceAll("\\{@code ([^}]*)\\}", "`$1`")
        .replaceAll("\\{@link (?:[\\w.]*\\.)?#?(\\w+)(?:#(\\w+))?[^}]*\\}", "`$1`")
        .strip();
  }
}
