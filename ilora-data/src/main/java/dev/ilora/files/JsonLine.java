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
import tools.jackson.databind.node.ObjectNode;

/**
 * One JSON object of a file, whose fields are read with their type checked: every mistake names the
 * file, the line and the field.
 */
public final class JsonLine {
  /** The field that names the version of a file's format. */
  public static final String SCHEMA = "schema";

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
      JsonNode node = JsonRecords.JSON.readTree(text);
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

  /**
   * This object as a record whose components are named as the fields.
   *
   * @param read fields that were read by themselves and are no components
   * @throws BadInputException if a field is missing, unknown or of another type, or the record
   *     refuses a value
   */
  public <T> T as(Class<T> type, String... read) {
    ObjectNode object = ((ObjectNode) node).deepCopy();
    object.remove(List.of(read));
    try {
      return JsonRecords.read(object, type);
    } catch (IllegalArgumentException e) {
      throw mistake(e.getMessage());
    }
  }

  /**
   * Checks that the object's {@code schema} is the one this version reads.
   *
   * @throws BadInputException naming both if it is older or newer
   */
  public void requireSchema(int schema) {
    int found = integer(SCHEMA);
    if (found != schema) {
      throw mistake(
          "schema is %s, written by %s version of ilora; this version reads %s"
              .formatted(found, found < schema ? "an earlier" : "a later", schema));
    }
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

  /** An object within this one. */
  public JsonLine object(String field) {
    return new JsonLine(file, line, field(field, "an object", JsonNode::isObject));
  }

  /** A list of texts. */
  public List<String> texts(String field) {
    List<String> values = new ArrayList<>();
    field(
            field,
            "a list of texts",
            n -> n.isArray() && n.valueStream().allMatch(JsonNode::isString))
        .forEach(n -> values.add(n.stringValue()));
    return List.copyOf(values);
  }

  /** Every field of this object, in the order of the file; all must be numbers. */
  public Map<String, Double> numbers() {
    Map<String, Double> values = new LinkedHashMap<>();
    node.propertyNames().forEach(field -> values.put(field, number(field)));
    return values;
  }

  /** The error of a mistake on this line. */
  public BadInputException mistake(String message) {
    return new BadInputException(file, line, message);
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
    return JsonRecords.shown(text);
  }
}
