package dev.ilora.chat;

/**
 * A piece of a template.
 *
 * @param text of a {@link Kind#STRING} without quotes, its escapes resolved
 * @param line where it begins, from 1
 */
record TemplateToken(Kind kind, String text, int line) {
  /** What a piece is. */
  enum Kind {
    /** Outside of tags. */
    DATA,
    /** Begins a value that is written. */
    OUTPUT,
    /** Begins a statement. */
    STATEMENT,
    /** Ends either. */
    END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    /** After the last piece. */
    LAST
  }

  boolean is(Kind expected, String expectedText) {
    return kind == expected && text.equals(expectedText);
  }

  /** For messages. */
  String shown() {
    return switch (kind) {
      case DATA -> "text";
      case OUTPUT -> "{{";
      case STATEMENT -> "{%";
      case END -> "the end of the tag";
      case STRING -> "'" + text + "'";
      case NAME, INTEGER, FLOAT, OPERATOR -> text;
      case LAST -> "the end of the template";
    };
  }
}
