package dev.ilora.chat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Renders a template once. */
final class TemplateRenderer {
  /** No conversation needs so many; it ends a hostile template. */
  private static final int MOST_STEPS = 1_000_000;

  private static final int MOST_CHARACTERS = 10_000_000;

  private final LocalDate today;
  private Scope scope;
  private int steps;

  /** Variables of a template or of one round of a loop, over those around it. */
  private record Scope(Map<String, Object> variables, Scope outer) {}

  TemplateRenderer(Map<String, Object> variables, LocalDate today) {
    this.today = today;
    Map<String, Object> all = new HashMap<>();
    for (String name : Functions.NAMES) {
      all.put(name, new Values.Function(name));
    }
    all.putAll(variables);
    scope = new Scope(all, null);
  }

  String render(List<TemplateNode> nodes) {
    StringBuilder out = new StringBuilder();
    render(nodes, out);
    return out.toString();
  }

  private void render(List<TemplateNode> nodes, StringBuilder out) {
    for (TemplateNode node : nodes) {
      steps++;
      if (steps > MOST_STEPS || out.length() > MOST_CHARACTERS) {
        throw new TemplateException(1, "rendering does not end");
      }
      switch (node) {
        case TemplateNode.Text text -> out.append(text.text());
        case TemplateNode.Output output ->
            out.append(Values.text(value(output.value()), output.value().line()));
        case TemplateNode.If choice -> choose(choice, out);
        case TemplateNode.For loop -> loop(loop, out);
        case TemplateNode.Set set -> set(set);
        case TemplateNode.SetBlock set -> {
          StringBuilder body = new StringBuilder();
          render(set.body(), body);
          scope.variables().put(set.name(), body.toString());
        }
      }
    }
  }

  private void choose(TemplateNode.If choice, StringBuilder out) {
    for (TemplateNode.Branch branch : choice.branches()) {
      if (branch.condition().isEmpty() || Values.truth(value(branch.condition().get()))) {
        render(branch.body(), out);
        return;
      }
    }
  }

  private void set(TemplateNode.Set set) {
    Object value = value(set.value());
    if (set.attribute().isEmpty()) {
      scope.variables().put(set.name(), value);
    } else if (lookUp(set.name()) instanceof Namespace(Map<String, Object> values)) {
      values.put(set.attribute().get(), value);
    } else {
      throw new TemplateException(set.line(), set.name() + " is not a namespace");
    }
  }

  private void loop(TemplateNode.For loop, StringBuilder out) {
    int line = loop.values().line();
    Scope outer = scope;
    List<Object> items = new ArrayList<>();
    for (Object item : Values.items(value(loop.values()), line)) {
      scope = round(loop, item, outer);
      if (loop.condition().isEmpty() || Values.truth(value(loop.condition().get()))) {
        items.add(item);
      }
    }
    for (int i = 0; i < items.size(); i++) {
      scope = round(loop, items.get(i), outer);
      scope.variables().put("loop", state(items, i));
      render(loop.body(), out);
    }
    scope = outer;
    if (items.isEmpty()) {
      render(loop.otherwise(), out);
    }
  }

  private static Scope round(TemplateNode.For loop, Object item, Scope outer) {
    Map<String, Object> variables = new HashMap<>();
    List<String> names = loop.names();
    if (names.size() == 1) {
      variables.put(names.getFirst(), item);
    } else if (item instanceof List<?> parts && parts.size() == names.size()) {
      for (int i = 0; i < names.size(); i++) {
        variables.put(names.get(i), parts.get(i));
      }
    } else {
      throw new TemplateException(
          loop.values().line(),
          "%s cannot be taken apart into %s".formatted(Values.kind(item), names));
    }
    return new Scope(variables, outer);
  }

  private static Map<String, Object> state(List<Object> items, int at) {
    Map<String, Object> state = new HashMap<>();
    long count = items.size();
    state.put("index", at + 1L);
    state.put("index0", (long) at);
    state.put("revindex", count - at);
    state.put("revindex0", count - at - 1);
    state.put("first", at == 0);
    state.put("last", at == count - 1);
    state.put("length", count);
    if (at > 0) {
      state.put("previtem", items.get(at - 1));
    }
    if (at < count - 1) {
      state.put("nextitem", items.get(at + 1));
    }
    return state;
  }

  /** A mapping that templates may write to. */
  record Namespace(Map<String, Object> values) {}

  private Object lookUp(String name) {
    for (Scope at = scope; at != null; at = at.outer()) {
      Object value = at.variables().get(name);
      if (value != null) {
        return value;
      }
    }
    return new Values.Undefined(name);
  }

  private Object value(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> literal.value();
      case Expression.Name name -> lookUp(name.name());
      case Expression.Items items -> items.items().stream().map(this::value).toList();
      case Expression.Entries entries -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        entries.entries().forEach((key, item) -> map.put(value(key), value(item)));
        yield map;
      }
      case Expression.Attribute attribute ->
          Operators.attribute(value(attribute.value()), attribute.name(), attribute.line());
      case Expression.Item item ->
          Operators.item(value(item.value()), value(item.index()), item.line());
      case Expression.Slice slice ->
          Operators.slice(
              value(slice.value()),
              slice.from().map(this::value),
              slice.to().map(this::value),
              slice.step().map(this::value),
              slice.line());
      case Expression.Call call -> call(call);
      case Expression.Filter filter ->
          Filters.apply(
              filter.name(), value(filter.value()), arguments(filter.arguments(), filter.line()));
      case Expression.Test test ->
          test.negated() != Conditions.holds(test.name(), value(test.value()), test.line());
      case Expression.Unary unary ->
          Operators.unary(unary.operator(), value(unary.value()), unary.line());
      case Expression.Binary binary -> binary(binary);
      case Expression.Comparison comparison -> compare(comparison);
      case Expression.Choice choice -> choice(choice);
    };
  }

  private Object choice(Expression.Choice choice) {
    if (Values.truth(value(choice.condition()))) {
      return value(choice.value());
    }
    return choice.otherwise().map(this::value).orElse(new Values.Undefined("a value without else"));
  }

  private Object binary(Expression.Binary binary) {
    Object left = value(binary.left());
    return switch (binary.operator()) {
      case "and" -> Values.truth(left) ? value(binary.right()) : left;
      case "or" -> Values.truth(left) ? left : value(binary.right());
      default -> Operators.binary(binary.operator(), left, value(binary.right()), binary.line());
    };
  }

  private boolean compare(Expression.Comparison comparison) {
    Object left = value(comparison.first());
    for (int i = 0; i < comparison.operators().size(); i++) {
      Object right = value(comparison.others().get(i));
      if (!Operators.compare(comparison.operators().get(i), left, right, comparison.line())) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Object call(Expression.Call call) {
    CallArguments arguments = arguments(call.arguments(), call.line());
    if (call.function() instanceof Expression.Attribute(Expression on, String name, _)) {
      return Methods.call(value(on), name, arguments);
    }
    if (value(call.function()) instanceof Values.Function(String name)) {
      return Functions.call(name, arguments, today);
    }
    throw new TemplateException(
        call.line(),
        "this function is not understood; " + String.join(", ", Functions.NAMES) + " are");
  }

  private CallArguments arguments(Expression.Arguments arguments, int line) {
    Map<String, Object> named = new LinkedHashMap<>();
    arguments.named().forEach((name, argument) -> named.put(name, value(argument)));
    return new CallArguments(
        arguments.positional().stream().map(this::value).toList(), named, line);
  }
}
