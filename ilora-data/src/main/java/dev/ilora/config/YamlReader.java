package dev.ilora.config;

import dev.ilora.files.JsonReason;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Parses one YAML document into nodes with line numbers; refuses duplicate keys and aliases. */
final class YamlReader {
  private static final YAMLMapper MAPPER = new YAMLMapper();

  private final String source;
  private final boolean lines;
  private final YAMLParser parser;
  private final List<String> mistakes;
  private boolean aliasTold;

  private YamlReader(String source, boolean lines, YAMLParser parser, List<String> mistakes) {
    this.source = source;
    this.lines = lines;
    this.parser = parser;
    this.mistakes = mistakes;
  }

  /** Parses a whole file's text; syntax errors and duplicate keys are added to the mistakes. */
  static Node.Mapping document(String source, String text, List<String> mistakes) {
    return switch (read(source, true, text, mistakes)) {
      case Node.Mapping mapping -> mapping;
      case Node.Nothing _ -> new Node.Mapping(source);
      case Node other -> {
        mistakes.add(other.where() + ": expected keys with values, found " + other.shown());
        yield new Node.Mapping(source);
      }
    };
  }

  /** Parses a value written after {@code key=} or in a {@link Default}. */
  static Node value(String source, String text, List<String> mistakes) {
    String trimmed = text.strip();
    if (trimmed.startsWith("[") || trimmed.startsWith("{")) {
      return read(source, false, trimmed, mistakes);
    }
    return trimmed.equals("null") ? new Node.Nothing(source) : new Node.Scalar(source, trimmed);
  }

  private static Node read(String source, boolean lines, String text, List<String> mistakes) {
    try (var parser = (YAMLParser) MAPPER.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return new Node.Nothing(source);
      }
      YamlReader reader = new YamlReader(source, lines, parser, mistakes);
      Node node = reader.node(first, source);
      if (parser.nextToken() != null) {
        mistakes.add(reader.where() + ": more than one document; expected a single one");
      }
      return node;
    } catch (JacksonException e) {
      mistakes.add(syntaxError(source, lines, e));
      return new Node.Nothing(source);
    }
  }

  private static String syntaxError(String source, boolean lines, JacksonException e) {
    boolean known = lines && e.getLocation() != null && e.getLocation().getLineNr() > 0;
    String where = known ? source + ":" + e.getLocation().getLineNr() : source;
    return where + ": not valid YAML: " + JsonReason.of(e);
  }

  private String where() {
    return lines ? source + ":" + parser.currentTokenLocation().getLineNr() : source;
  }

  /** Reads a value; {@code where} is the line of its key. */
  private Node node(JsonToken token, String where) {
    if (parser.isCurrentAlias()) {
      // Once: a document that uses one alias uses many.
      if (!aliasTold) {
        mistakes.add(where + ": aliases (*name) are not supported; write the values out");
      }
      aliasTold = true;
      return new Node.Nothing(where);
    }
    return switch (token) {
      case START_OBJECT -> mapping(where);
      case START_ARRAY -> sequence(where);
      case VALUE_NULL -> new Node.Nothing(where);
      case JsonToken _ -> new Node.Scalar(where, parser.getString());
    };
  }

  private Node mapping(String where) {
    Node.Mapping mapping = new Node.Mapping(where);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String keyWhere = where();
      String key = parser.currentName();
      Node value = node(parser.nextToken(), keyWhere);
      Node former = mapping.values().putIfAbsent(key, value);
      if (former != null) {
        mistakes.add(keyWhere + ": " + key + ": given twice; first at " + former.where());
      }
    }
    return mapping;
  }

  private Node sequence(String where) {
    List<Node> values = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      values.add(node(token, where()));
    }
    return new Node.Sequence(where, values);
  }
}
