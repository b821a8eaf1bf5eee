package dev.ilora.chat;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An expression of a template. */
sealed interface Expression {
  /** Where it is, from 1. */
  int line();

  /** A text, number, true, false or none. */
  record Literal(Object value, int line) implements Expression {}

  /** A variable. */
  record Name(String name, int line) implements Expression {}

  /** {@code [a, b]} or {@code (a, b)}. */
  record Items(List<Expression> items, int line) implements Expression {}

  /** {@code {'a': b}}. */
  record Entries(Map<Expression, Expression> entries, int line) implements Expression {}

  /** {@code value.name}. */
  record Attribute(Expression value, String name, int line) implements Expression {}

  /** {@code value[index]}. */
  record Item(Expression value, Expression index, int line) implements Expression {}

  /** {@code value[from:to:step]}. */
  record Slice(
      Expression value,
      Optional<Expression> from,
      Optional<Expression> to,
      Optional<Expression> step,
      int line)
      implements Expression {}

  /** {@code function(arguments)}; the function is a name or a method of a value. */
  record Call(Expression function, Arguments arguments, int line) implements Expression {}

  /** {@code value|name(arguments)}. */
  record Filter(Expression value, String name, Arguments arguments, int line)
      implements Expression {}

  /** {@code value is name} or {@code value is not name}. */
  record Test(Expression value, String name, boolean negated, int line) implements Expression {}

  /** {@code not value}, {@code -value}, {@code +value}. */
  record Unary(String operator, Expression value, int line) implements Expression {}

  /** Two operands; {@code and} and {@code or} ask the second one only if they must. */
  record Binary(String operator, Expression left, Expression right, int line)
      implements Expression {}

  /** {@code a < b <= c}: each comparison with the operand before it. */
  record Comparison(Expression first, List<String> operators, List<Expression> others, int line)
      implements Expression {}

  /** {@code value if condition else otherwise}. */
  record Choice(Expression value, Expression condition, Optional<Expression> otherwise, int line)
      implements Expression {}

  /** What a call is given. */
  record Arguments(List<Expression> positional, Map<String, Expression> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());
  }
}
