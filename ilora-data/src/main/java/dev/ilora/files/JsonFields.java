package dev.ilora.files;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Fields of one line of a JSONL file; mistakes name the field and the value found. */
public final class JsonFields {
  private static final int SHOWN = 120;

  private JsonFields() {}

  public static BadInputException notJson(Path file, long line, String text) {
    return new BadInputException(file, line, "not a JSON object: " + shown(text));
  }

  /** A line as messages show it. */
  public static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  public static int integer(JsonNode object, String field) {
    return asInteger(required(object, field), field);
  }

  public static int[] integers(JsonNode object, String field) {
    JsonNode array = required(object, field);
    if (!array.isArray()) {
      throw wrong(field, "a list of integers", array);
    }
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = asInteger(array.get(i), field);
    }
    return values;
  }

  /** A list of whole numbers of 64 bits. */
  public static long[] longs(JsonNode object, String field) {
    JsonNode array = required(object, field);
    boolean whole = array.isArray() && array.valueStream().allMatch(JsonNode::canConvertToLong);
    if (!whole || !array.valueStream().allMatch(JsonNode::isIntegralNumber)) {
      throw wrong(field, "a list of integers", array);
    }
    return array.valueStream().mapToLong(JsonNode::longValue).toArray();
  }

  /** A key: a text or a whole number. */
  public static String key(JsonNode object, String field) {
    JsonNode node = required(object, field);
    if (!node.isString() && !node.isIntegralNumber()) {
      throw wrong(field, "a text or a whole number", node);
    }
    return node.asString();
  }

  public static JsonNode required(JsonNode object, String field) {
    if (!object.isObject()) {
      throw new IllegalArgumentException("not a JSON object: " + shown(object.toString()));
    }
    JsonNode node = object.get(field);
    if (node == null) {
      throw new IllegalArgumentException(
          "field '" + field + "' is missing: " + shown(object.toString()));
    }
    return node;
  }

  static IllegalArgumentException wrong(String field, String expected, JsonNode found) {
    return new IllegalArgumentException(
        "field '%s' must be %s, not %s".formatted(field, expected, shown(found.toString())));
  }

  private static int asInteger(JsonNode node, String field) {
    if (!node.isInt()) {
      throw wrong(field, "an integer", node);
    }
    return node.intValue();
  }
}
