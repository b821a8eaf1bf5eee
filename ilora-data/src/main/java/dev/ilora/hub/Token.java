package dev.ilora.hub;

import dev.ilora.config.ConfigException;

/** What tells the hub who asks. It is never shown. */
final class Token {
  private final String text;
  private final String source;

  /**
   * A token.
   *
   * @param source where it was found, as messages call it
   * @throws ConfigException if it holds what no token has
   */
  Token(String text, String source) {
    if (!text.matches("[!-~]+")) {
      throw new ConfigException(
          source + ": holds no token: expected letters, digits and signs without blanks");
    }
    this.text = text;
    this.source = source;
  }

  String text() {
    return text;
  }

  String source() {
    return source;
  }

  @Override
  public String toString() {
    return "token of " + source;
  }
}
