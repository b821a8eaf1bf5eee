package dev.ilora.chat;

import dev.ilora.chat.Expression.Arguments;
import dev.ilora.chat.TemplateToken.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads expressions, with the precedence of jinja2. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  /** No template comes near it; it keeps a hostile one from filling the stack. */
  private static final int MOST_NESTED = 100;

  private final TokenReader in;
  private int nested;

  ExpressionParser(TokenReader in) {
    this.in = in;
  }

  /** Any expression. */
  Expression value() {
    Expression value = withoutChoice();
    while (in.peek().is(Kind.NAME, "if")) {
      int line = in.next().line();
      Expression condition = withoutChoice();
      Optional<Expression> otherwise =
          in.takes(Kind.NAME, "else") ? Optional.of(value()) : Optional.empty();
      value = new Expression.Choice(value, condition, otherwise, line);
    }
    return value;
  }

  /** An expression that an {@code if} ends. */
  Expression withoutChoice() {
    nested++;
    if (nested > MOST_NESTED) {
      throw new TemplateException(in.peek().line(), "more than 100 expressions in one another");
    }
    Expression value = binary(Kind.NAME, Set.of("or"), this::and);
    nested--;
    return value;
  }

  private Expression and() {
    return binary(Kind.NAME, Set.of("and"), this::not);
  }

  private Expression not() {
    int line = in.peek().line();
    boolean negated = false;
    boolean any = false;
    while (in.takes(Kind.NAME, "not")) {
      negated = !negated;
      any = true;
    }
    Expression value = comparison();
    if (!any) {
      return value;
    }
    Expression not = new Expression.Unary("not", value, line);
    return negated ? not : new Expression.Unary("not", not, line);
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    while (true) {
      Optional<String> operator = comparisonSign();
      if (operator.isEmpty()) {
        return operators.isEmpty()
            ? first
            : new Expression.Comparison(first, operators, others, first.line());
      }
      operators.add(operator.get());
      others.add(sum());
    }
  }

  private Optional<String> comparisonSign() {
    TemplateToken token = in.peek();
    if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
      return Optional.of(in.next().text());
    }
    if (in.takes(Kind.NAME, "in")) {
      return Optional.of("in");
    }
    if (in.takes(Kind.NAME, "not")) {
      in.require(Kind.NAME, "in");
      return Optional.of("not in");
    }
    return Optional.empty();
  }

  private Expression sum() {
    return binary(Kind.OPERATOR, Set.of("+", "-"), this::joined);
  }

  private Expression joined() {
    return binary(Kind.OPERATOR, Set.of("~"), this::product);
  }

  private Expression product() {
    return binary(Kind.OPERATOR, Set.of("*", "/", "//", "%"), this::unary);
  }

  private Expression binary(Kind kind, Set<String> operators, Supplier<Expression> operand) {
    Expression left = operand.get();
    while (in.peek().kind() == kind && operators.contains(in.peek().text())) {
      TemplateToken operator = in.next();
      left = new Expression.Binary(operator.text(), left, operand.get(), operator.line());
    }
    return left;
  }

  private Expression unary() {
    TemplateToken token = in.peek();
    Expression value;
    if (token.is(Kind.OPERATOR, "-") || token.is(Kind.OPERATOR, "+")) {
      in.next();
      value = new Expression.Unary(token.text(), postfix(primary()), token.line());
    } else {
      value = postfix(primary());
    }
    return filters(value);
  }

  private Expression primary() {
    TemplateToken token = in.next();
    return switch (token.kind()) {
      case STRING -> new Expression.Literal(strings(token), token.line());
      case INTEGER -> new Expression.Literal(integer(token), token.line());
      case FLOAT ->
          new Expression.Literal(Double.parseDouble(token.text().replace("_", "")), token.line());
      case NAME -> named(token);
      case OPERATOR -> bracketed(token);
      case DATA, OUTPUT, STATEMENT, END, LAST ->
          throw new TemplateException(token.line(), "expected a value, got " + token.shown());
    };
  }

  /** Texts beside one another are one, as in Python. */
  private String strings(TemplateToken first) {
    StringBuilder text = new StringBuilder(first.text());
    while (in.peek().kind() == Kind.STRING) {
      text.append(in.next().text());
    }
    return text.toString();
  }

  private static Long integer(TemplateToken token) {
    try {
      return Long.valueOf(token.text().replace("_", ""));
    } catch (NumberFormatException e) {
      throw new TemplateException(token.line(), token.text() + " is too large a number");
    }
  }

  private static Expression named(TemplateToken token) {
    return switch (token.text()) {
      case "true", "True" -> new Expression.Literal(true, token.line());
      case "false", "False" -> new Expression.Literal(false, token.line());
      case "none", "None" -> new Expression.Literal(Values.NONE, token.line());
      default -> new Expression.Name(token.text(), token.line());
    };
  }

  private Expression bracketed(TemplateToken opening) {
    return switch (opening.text()) {
      case "(" -> parenthesised(opening.line());
      case "[" -> new Expression.Items(items("]"), opening.line());
      case "{" -> entries(opening.line());
      default ->
          throw new TemplateException(opening.line(), "expected a value, got " + opening.text());
    };
  }

  private Expression parenthesised(int line) {
    if (in.takes(Kind.OPERATOR, ")")) {
      return new Expression.Items(List.of(), line);
    }
    Expression first = value();
    if (in.takes(Kind.OPERATOR, ")")) {
      return first;
    }
    in.require(Kind.OPERATOR, ",");
    List<Expression> items = new ArrayList<>(List.of(first));
    items.addAll(items(")"));
    return new Expression.Items(items, line);
  }

  private List<Expression> items(String closing) {
    List<Expression> items = new ArrayList<>();
    while (!in.takes(Kind.OPERATOR, closing)) {
      items.add(value());
      if (!in.peek().is(Kind.OPERATOR, closing)) {
        in.require(Kind.OPERATOR, ",");
      }
    }
    return items;
  }

  private Expression entries(int line) {
    Map<Expression, Expression> entries = new LinkedHashMap<>();
    while (!in.takes(Kind.OPERATOR, "}")) {
      Expression key = value();
      in.require(Kind.OPERATOR, ":");
      entries.put(key, value());
      if (!in.peek().is(Kind.OPERATOR, "}")) {
        in.require(Kind.OPERATOR, ",");
      }
    }
    return new Expression.Entries(entries, line);
  }

  private Expression postfix(Expression start) {
    Expression value = start;
    while (in.peek().kind() == Kind.OPERATOR) {
      int line = in.peek().line();
      if (in.takes(Kind.OPERATOR, ".")) {
        value = new Expression.Attribute(value, in.name("an attribute").text(), line);
      } else if (in.takes(Kind.OPERATOR, "[")) {
        value = subscript(value, line);
      } else if (in.takes(Kind.OPERATOR, "(")) {
        value = new Expression.Call(value, arguments(), line);
      } else {
        return value;
      }
    }
    return value;
  }

  private Expression subscript(Expression value, int line) {
    Optional<Expression> from =
        in.peek().is(Kind.OPERATOR, ":") ? Optional.empty() : Optional.of(value());
    if (from.isPresent() && in.takes(Kind.OPERATOR, "]")) {
      return new Expression.Item(value, from.get(), line);
    }
    in.require(Kind.OPERATOR, ":");
    Optional<Expression> to = bound();
    Optional<Expression> step = in.takes(Kind.OPERATOR, ":") ? bound() : Optional.empty();
    in.require(Kind.OPERATOR, "]");
    return new Expression.Slice(value, from, to, step, line);
  }

  private Optional<Expression> bound() {
    return in.peek().is(Kind.OPERATOR, ":") || in.peek().is(Kind.OPERATOR, "]")
        ? Optional.empty()
        : Optional.of(value());
  }

  /** After the opening bracket. */
  private Arguments arguments() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!in.takes(Kind.OPERATOR, ")")) {
      Expression argument = value();
      if (argument instanceof Expression.Name(String name, _) && in.takes(Kind.OPERATOR, "=")) {
        named.put(name, value());
      } else {
        positional.add(argument);
      }
      if (!in.peek().is(Kind.OPERATOR, ")")) {
        in.require(Kind.OPERATOR, ",");
      }
    }
    return new Arguments(positional, named);
  }

  private Expression filters(Expression start) {
    Expression value = start;
    while (true) {
      int line = in.peek().line();
      if (in.takes(Kind.OPERATOR, "|")) {
        String name = in.name("a filter").text();
        value =
            new Expression.Filter(
                value, name, in.takes(Kind.OPERATOR, "(") ? arguments() : Arguments.NONE, line);
      } else if (in.takes(Kind.NAME, "is")) {
        boolean negated = in.takes(Kind.NAME, "not");
        value = new Expression.Test(value, in.name("a test").text(), negated, line);
      } else {
        return value;
      }
    }
  }
}
