package dev.ilora.files;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON object of a file, whose fields are read with their type checked: every mistake names the
 * file, the line and the field.
 */
public final class JsonLine {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int SHOWN_CHARACTERS = 60;

  private final Path file;
  private final long line;
  private final JsonNode node;

  private JsonLine(Path file, long line, JsonNode node) {
    this.file = file;
    this.line = line;
    this.node = node;
  }

  /**
   * Parses one line.
   *
   * @param file named in errors
   * @param line number of the line from 1, named in errors
   * @throws BadInputException if the text is not one JSON object
   */
  public static JsonLine parse(Path file, long line, String text) {
    try {
      JsonNode node = JSON.readTree(text);
      if (node.isObject()) {
        return new JsonLine(file, line, node);
      }
    } catch (JacksonException e) {
      throw new BadInputException(file, line, "not a JSON object: " + shown(text));
    }
    throw new BadInputException(file, line, "not a JSON object: " + shown(text));
  }

  /**
   * Refuses fields of other names.
   *
   * @throws BadInputException naming the first one and the known ones
   */
  public void requireOnly(Set<String> known) {
    node.propertyNames().stream()
        .filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw mistake(
                  "unknown field '%s'; known are %s".formatted(name, String.join(", ", known)));
            });
  }

  /** Whether the field is there and not null. */
  public boolean has(String field) {
    return node.hasNonNull(field);
  }

  /** A whole number that fits 32 bits. */
  public int integer(String field) {
    return field(field, "a whole number", n -> n.isIntegralNumber() && n.canConvertToInt())
        .intValue();
  }

  /** A whole number that fits 64 bits. */
  public long longInteger(String field) {
    return field(field, "a whole number", n -> n.isIntegralNumber() && n.canConvertToLong())
        .longValue();
  }

  /** A number. */
  public double number(String field) {
    return field(field, "a number", JsonNode::isNumber).doubleValue();
  }

  /** A text. */
  public String text(String field) {
    return field(field, "a text", JsonNode::isString).stringValue();
  }

  /** A text, or null where the field is absent or null. */
  public String textOrNull(String field) {
    return has(field) ? text(field) : null;
  }

  /** A list of whole numbers. */
  public int[] integers(String field) {
    JsonNode list = list(field, "a list of whole numbers", n -> n.isInt());
    int[] values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).intValue();
    }
    return values;
  }

  /** A list of numbers. */
  public double[] numbers(String field) {
    JsonNode list = list(field, "a list of numbers", JsonNode::isNumber);
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).doubleValue();
    }
    return values;
  }

  /** A list of texts. */
  public List<String> texts(String field) {
    List<String> values = new ArrayList<>();
    list(field, "a list of texts", JsonNode::isString).forEach(n -> values.add(n.stringValue()));
    return List.copyOf(values);
  }

  /** An object of numbers by name, in the order of the file. */
  public Map<String, Double> numbersByName(String field) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (var entry : object(field, "an object of numbers", JsonNode::isNumber).properties()) {
      values.put(entry.getKey(), entry.getValue().doubleValue());
    }
    return values;
  }

  /** Every field of this object that is a number, in the order of the file. */
  public Map<String, Double> numbers() {
    Map<String, Double> values = new LinkedHashMap<>();
    for (var entry : node.properties()) {
      if (entry.getValue().isNumber()) {
        values.put(entry.getKey(), entry.getValue().doubleValue());
      }
    }
    return values;
  }

  /** An object of texts by name, in the order of the file. */
  public Map<String, String> textsByName(String field) {
    Map<String, String> values = new LinkedHashMap<>();
    for (var entry : object(field, "an object of texts", JsonNode::isString).properties()) {
      values.put(entry.getKey(), entry.getValue().stringValue());
    }
    return values;
  }

  /** The error of a mistake on this line. */
  public BadInputException mistake(String message) {
    return new BadInputException(file, line, message);
  }

  private JsonNode object(String field, String expected, Predicate<JsonNode> each) {
    return field(field, expected, n -> n.isObject() && n.valueStream().allMatch(each));
  }

  private JsonNode list(String field, String expected, Predicate<JsonNode> each) {
    return field(field, expected, n -> n.isArray() && n.valueStream().allMatch(each));
  }

  private JsonNode field(String field, String expected, Predicate<JsonNode> accepted) {
    JsonNode value = node.get(field);
    if (value == null) {
      throw mistake("field '" + field + "' is missing, expected " + expected);
    }
    if (!accepted.test(value)) {
      throw mistake(
          "field '" + field + "' is " + shown(value.toString()) + ", expected " + expected);
    }
    return value;
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
  }
}
