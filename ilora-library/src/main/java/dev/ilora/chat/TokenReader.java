package dev.ilora.chat;

import dev.ilora.chat.TemplateToken.Kind;
import java.util.List;

/** The tokens of a template from the first to the last. */
final class TokenReader {
  private final List<TemplateToken> tokens;
  private int next;

  TokenReader(List<TemplateToken> tokens) {
    this.tokens = tokens;
  }

  TemplateToken peek() {
    return tokens.get(next);
  }

  TemplateToken next() {
    TemplateToken token = tokens.get(next);
    next += token.kind() == Kind.LAST ? 0 : 1;
    return token;
  }

  /** Takes the next token if it is this one. */
  boolean takes(Kind kind, String text) {
    boolean is = peek().is(kind, text);
    next += is ? 1 : 0;
    return is;
  }

  void require(Kind kind, String text) {
    if (!takes(kind, text)) {
      throw unexpected("'" + text + "'");
    }
  }

  TemplateToken name(String expected) {
    if (peek().kind() != Kind.NAME) {
      throw unexpected(expected);
    }
    return next();
  }

  void end() {
    if (peek().kind() != Kind.END) {
      throw unexpected("the end of the tag");
    }
    next();
  }

  TemplateException unexpected(String expected) {
    return new TemplateException(
        peek().line(), "expected %s, got %s".formatted(expected, peek().shown()));
  }
}
