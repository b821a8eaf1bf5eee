package dev.ilora.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Builds HTML and inline SVG; whatever is given as text or attribute value is escaped. */
final class Html {
  private final StringBuilder out = new StringBuilder(1 << 16);
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param attributes names and values in turn
   */
  Html open(String tag, String... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  /** Closes the innermost open element. */
  Html close() {
    out.append("</").append(open.pop()).append(">\n");
    return this;
  }

  /** An element that holds only text. */
  Html element(String tag, String text, String... attributes) {
    open(tag, attributes);
    text(text);
    return close();
  }

  /** An element that holds nothing. */
  Html empty(String tag, String... attributes) {
    start(tag, attributes);
    out.append("/>\n");
    return this;
  }

  /** Text. */
  Html text(String text) {
    escape(text);
    return this;
  }

  /** The page's own style sheet, the only thing written as it is. */
  Html style(String css) {
    if (css.contains("</")) {
      throw new IllegalArgumentException("a style sheet must not hold '</'");
    }
    out.append("<style>\n").append(css).append("</style>\n");
    return this;
  }

  /**
   * The finished document.
   *
   * @throws IllegalStateException if an element is still open
   */
  String document() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("elements still open: " + open);
    }
    return "<!DOCTYPE html>\n" + out;
  }

  private void start(String tag, String... attributes) {
    if (attributes.length % 2 != 0) {
      throw new IllegalArgumentException("attribute without a value in <" + tag + ">");
    }
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\n', '\t', '\r' -> out.append(c);
        default -> out.append(c < ' ' ? '\ufffd' : c);
      }
    }
  }
}
