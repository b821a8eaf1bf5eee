package dev.ilora;

/** Text from files as it may be shown: nothing in it moves a cursor or changes a colour. */
public final class Printable {
  private Printable() {}

  /** The text with � in place of control characters; tabs and line breaks stay. */
  public static String lines(String text) {
    return replaced(text, true);
  }

  /** The text with � in place of all control characters, for one line. */
  public static String text(String text) {
    return replaced(text, false);
  }

  private static String replaced(String text, boolean keepsLines) {
    StringBuilder shown = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean kept = !isControl(c) || keepsLines && (c == '\n' || c == '\t');
      if (!kept && shown == null) {
        shown = new StringBuilder(text);
      }
      if (!kept) {
        shown.setCharAt(i, '\uFFFD');
      }
    }
    return shown == null ? text : shown.toString();
  }

  /** Control characters, and those that turn the direction of what follows. */
  private static boolean isControl(char c) {
    return Character.isISOControl(c)
        || c >= '\u202A' && c <= '\u202E'
        || c >= '\u2066' && c <= '\u2069';
  }
}
