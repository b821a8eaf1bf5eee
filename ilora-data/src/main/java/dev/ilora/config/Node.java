package dev.ilora.config;

import dev.ilora.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A parsed value that still knows where it stood. */
sealed interface Node {
  /** Where the value stood: {@code recipe.yaml:12} or {@code command line}. */
  String where();

  /** A word: a number, a truth value or text, as written. */
  record Scalar(String where, String text) implements Node {}

  /** Nothing: {@code null}, {@code ~} or no value after the colon. */
  record Nothing(String where) implements Node {}

  /** Values in order. */
  record Sequence(String where, List<Node> values) implements Node {}

  /** Keys with values, in the order given; mutable, for overrides are merged into it. */
  record Mapping(String where, Map<String, Node> values) implements Node {
    Mapping(String where) {
      this(where, new LinkedHashMap<>());
    }
  }

  /** The value as a message shows it. */
  default String shown() {
    return switch (this) {
      case Scalar scalar -> scalar.text().isEmpty() ? "(empty)" : Printable.lines(scalar.text());
      case Nothing _ -> "null";
      case Sequence sequence ->
          "["
              + String.join(", ", sequence.values().stream().limit(6).map(Node::shown).toList())
              + (sequence.values().size() > 6 ? ", ...]" : "]");
      case Mapping mapping -> "{" + String.join(", ", mapping.values().keySet()) + "}";
    };
  }
}
