package dev.ilora.chat;

import java.util.List;
import java.util.Optional;

/** A part of a template. */
sealed interface TemplateNode {
  /** Text that is written as it is. */
  record Text(String text) implements TemplateNode {}

  /** {@code {{ value }}}. */
  record Output(Expression value) implements TemplateNode {}

  /** {@code {% if %}}, with its {@code elif} and {@code else} as the last branch's condition. */
  record If(List<Branch> branches) implements TemplateNode {}

  /** A body that is rendered if its condition holds; always, where there is none. */
  record Branch(Optional<Expression> condition, List<TemplateNode> body) {}

  /** {@code {% for names in values if condition %}}. */
  record For(
      List<String> names,
      Expression values,
      Optional<Expression> condition,
      List<TemplateNode> body,
      List<TemplateNode> otherwise)
      implements TemplateNode {}

  /** {@code {% set name = value %}} or {@code {% set space.attribute = value %}}. */
  record Set(String name, Optional<String> attribute, Expression value, int line)
      implements TemplateNode {}

  /** {@code {% set name %}body{% endset %}}. */
  record SetBlock(String name, List<TemplateNode> body) implements TemplateNode {}
}
