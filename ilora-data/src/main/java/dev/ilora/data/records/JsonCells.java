package dev.ilora.data.records;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of a JSON object as texts. A number is the text that is written, for it may be a key,
 * and no two keys may become one.
 */
final class JsonCells {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String source;
  private final JsonParser parser;

  /** What a field is. */
  enum Form {
    PLAIN(""),
    LIST("a list"),
    OBJECT("an object"),
    TRUTH("true or false");

    final String label;

    Form(String label) {
      this.label = label;
    }
  }

  /** A field as text; null is blank, and the values of a list are joined by {@code |}. */
  record Cell(String text, Form form) {}

  private JsonCells(String source) {
    this.source = source;
    this.parser = JSON.createParser(source);
  }

  /**
   * Takes an object apart; null for another value.
   *
   * @throws JacksonException if the text is not JSON
   */
  static Map<String, Cell> of(String text) {
    JsonCells cells = new JsonCells(text);
    try (JsonParser parser = cells.parser) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      Map<String, Cell> found = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        found.put(name, cells.cell());
      }
      return parser.nextToken() == null ? found : null;
    }
  }

  private Cell cell() {
    return switch (parser.currentToken()) {
      case START_ARRAY -> new Cell(list(), Form.LIST);
      case START_OBJECT -> new Cell(object(), Form.OBJECT);
      case VALUE_TRUE, VALUE_FALSE -> new Cell(parser.getString(), Form.TRUTH);
      case VALUE_NULL -> new Cell("", Form.PLAIN);
      default -> new Cell(parser.getString(), Form.PLAIN);
    };
  }

  private String list() {
    StringJoiner values = new StringJoiner("|");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(cell().text);
    }
    return values.toString();
  }

  private String object() {
    int from = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    int to = (int) parser.currentTokenLocation().getCharOffset() + 1;
    return source.substring(from, to);
  }
}
