package dev.ilora.data;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;

/**
 * How text files are written.
 *
 * @param encoding their encoding
 * @param separator what parts the cells of a CSV file; found in its header where it is not given
 */
public record TextForm(Charset encoding, Optional<Character> separator) {
  /** What messages say of files in another encoding. */
  public static final String ENCODING_HELP =
      "; save the file as UTF-8, or name its encoding: --encoding windows-1252 or another";

  /** UTF-8, any separator. */
  public static final TextForm USUAL = new TextForm(StandardCharsets.UTF_8, Optional.empty());

  /**
   * Reads the name of an encoding, such as {@code windows-1252}.
   *
   * @throws IllegalArgumentException for an unknown one
   */
  public static Charset encoding(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException(
          "unknown encoding '%s'; expected UTF-8, windows-1252, ISO-8859-1, UTF-16 or another that Java knows"
              .formatted(name),
          e);
    }
  }

  /**
   * Reads a separator: one character, or the word tab.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static char separator(String text) {
    if (text.equals("tab") || text.equals("\\t")) {
      return '\t';
    }
    boolean usable =
        text.length() == 1 && "\"\r\n".indexOf(text.charAt(0)) < 0 && !isWord(text.charAt(0));
    if (!usable) {
      throw new IllegalArgumentException(
          "cannot use the separator '%s'; expected one character such as , ; | or the word tab"
              .formatted(text));
    }
    return text.charAt(0);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }
}
