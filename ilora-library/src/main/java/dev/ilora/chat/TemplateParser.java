package dev.ilora.chat;

import dev.ilora.chat.TemplateToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the statements of a template. */
final class TemplateParser {
  private static final int MOST_NESTED = 100;

  private final TokenReader in;
  private int nested;

  TemplateParser(String text) {
    in = new TokenReader(new TemplateLexer(text).tokens());
  }

  List<TemplateNode> parse() {
    List<TemplateNode> nodes = body(Set.of());
    if (in.peek().kind() != Kind.LAST) {
      throw in.unexpected("a statement");
    }
    return nodes;
  }

  /** Reads up to a statement of one of these names, of which the name is the next token then. */
  private List<TemplateNode> body(Set<String> ends) {
    List<TemplateNode> nodes = new ArrayList<>();
    while (in.peek().kind() != Kind.LAST) {
      TemplateToken token = in.next();
      switch (token.kind()) {
        case DATA -> nodes.add(new TemplateNode.Text(token.text()));
        case OUTPUT -> {
          nodes.add(new TemplateNode.Output(expressions().value()));
          in.end();
        }
        case STATEMENT -> {
          if (in.peek().kind() == Kind.NAME && ends.contains(in.peek().text())) {
            return nodes;
          }
          statement(nodes);
        }
        case END, NAME, STRING, INTEGER, FLOAT, OPERATOR, LAST ->
            throw in.unexpected("text or a tag");
      }
    }
    if (!ends.isEmpty()) {
      throw in.unexpected("{% " + String.join(" or ", ends.stream().sorted().toList()) + " %}");
    }
    return nodes;
  }

  private void statement(List<TemplateNode> nodes) {
    TemplateToken name = in.name("a statement");
    nested++;
    if (nested > MOST_NESTED) {
      throw new TemplateException(name.line(), "more than 100 statements in one another");
    }
    switch (name.text()) {
      case "if" -> nodes.add(branches());
      case "for" -> nodes.add(loop());
      case "set" -> nodes.add(set());
      // Marks what a model is trained on; it changes nothing of the text.
      case "generation" -> {
        in.end();
        nodes.addAll(body(Set.of("endgeneration")));
        in.next();
        in.end();
      }
      default ->
          throw new TemplateException(
              name.line(),
              "the statement '%s' is not understood; if, for, set and generation are"
                  .formatted(name.text()));
    }
    nested--;
  }

  private TemplateNode branches() {
    List<TemplateNode.Branch> branches = new ArrayList<>();
    String end = "if";
    while (!end.equals("endif")) {
      Optional<Expression> condition =
          end.equals("else") ? Optional.empty() : Optional.of(expressions().value());
      in.end();
      Set<String> ends = end.equals("else") ? Set.of("endif") : Set.of("elif", "else", "endif");
      branches.add(new TemplateNode.Branch(condition, body(ends)));
      end = in.next().text();
    }
    in.end();
    return new TemplateNode.If(branches);
  }

  private TemplateNode loop() {
    List<String> names = new ArrayList<>();
    do {
      names.add(in.name("a variable").text());
    } while (in.takes(Kind.OPERATOR, ","));
    in.require(Kind.NAME, "in");
    Expression values = expressions().withoutChoice();
    Optional<Expression> condition =
        in.takes(Kind.NAME, "if") ? Optional.of(expressions().value()) : Optional.empty();
    in.end();
    List<TemplateNode> body = body(Set.of("else", "endfor"));
    List<TemplateNode> otherwise = List.of();
    if (in.next().text().equals("else")) {
      in.end();
      otherwise = body(Set.of("endfor"));
      in.next();
    }
    in.end();
    return new TemplateNode.For(names, values, condition, body, otherwise);
  }

  private TemplateNode set() {
    TemplateToken name = in.name("a variable");
    Optional<String> attribute =
        in.takes(Kind.OPERATOR, ".")
            ? Optional.of(in.name("an attribute").text())
            : Optional.empty();
    if (attribute.isEmpty() && in.peek().kind() == Kind.END) {
      in.end();
      List<TemplateNode> body = body(Set.of("endset"));
      in.next();
      in.end();
      return new TemplateNode.SetBlock(name.text(), body);
    }
    in.require(Kind.OPERATOR, "=");
    Expression value = expressions().value();
    in.end();
    return new TemplateNode.Set(name.text(), attribute, value, name.line());
  }

  private ExpressionParser expressions() {
    return new ExpressionParser(in);
  }
}
