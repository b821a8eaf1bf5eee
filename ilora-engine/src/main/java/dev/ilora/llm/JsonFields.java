package dev.ilora.llm;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object by their types: what is of another type is refused by its name. A
 * field that is null counts as absent.
 *
 * @param file where the object is from, for messages
 * @param node the object; nothing is there if it is none
 */
record JsonFields(Path file, JsonNode node) {

  boolean has(String key) {
    return !node.path(key).isMissingNode() && !node.path(key).isNull();
  }

  JsonNode get(String key) {
    return node.path(key);
  }

  /** An object in this one, empty where there is none. */
  JsonFields object(String key) {
    if (has(key) && !get(key).isObject()) {
      throw refused("%s: expected an object or null, got %s".formatted(key, get(key)));
    }
    return new JsonFields(file, get(key));
  }

  boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (!get(key).isBoolean()) {
      throw refused(key + ": expected true or false, got " + get(key));
    }
    return get(key).asBoolean();
  }

  String text(String key, String absent) {
    if (!has(key)) {
      return absent;
    }
    if (!get(key).isString()) {
      throw refused(key + ": expected a text, got " + get(key));
    }
    return get(key).asString();
  }

  int whole(String key) {
    if (!has(key)) {
      throw refused("lacks '" + key + "'");
    }
    return whole(key, 0);
  }

  int whole(String key, int absent) {
    return has(key) ? whole(key, get(key)) : absent;
  }

  private int whole(String key, JsonNode value) {
    if (!value.isIntegralNumber()) {
      throw refused(key + ": expected a whole number, got " + value);
    }
    if (!value.canConvertToInt()) {
      throw refused("%s: expected at most %s, got %s".formatted(key, Integer.MAX_VALUE, value));
    }
    return value.asInt();
  }

  /** Whole numbers of a list; none where there is no list. */
  List<Integer> wholes(String key) {
    List<Integer> values = new ArrayList<>();
    for (JsonNode value : list(key)) {
      values.add(whole(key, value));
    }
    return values;
  }

  double number(String key, double absent) {
    return has(key) ? number(key, get(key)) : absent;
  }

  private double number(String key, JsonNode value) {
    if (!value.isNumber()) {
      throw refused(key + ": expected a number, got " + value);
    }
    return value.asDouble();
  }

  /** Numbers of a list; none where there is no list. */
  List<Double> numbers(String key) {
    List<Double> values = new ArrayList<>();
    for (JsonNode value : list(key)) {
      values.add(number(key, value));
    }
    return values;
  }

  /** Texts of a list; none where there is no list. */
  List<String> texts(String key) {
    List<String> values = new ArrayList<>();
    for (JsonNode value : list(key)) {
      if (!value.isString()) {
        throw refused(key + ": expected texts, got " + value);
      }
      values.add(value.asString());
    }
    return values;
  }

  private JsonNode list(String key) {
    if (has(key) && !get(key).isArray()) {
      throw refused(key + ": expected a list, got " + get(key));
    }
    return get(key);
  }

  BadInputException refused(String message) {
    return new BadInputException(file, message);
  }

  BadInputException unsupported(String key, Object value, String expected) {
    return refused("%s '%s' is not supported: expected %s".formatted(key, value, expected));
  }
}
