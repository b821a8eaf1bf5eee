package dev.ilora.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes records from nodes and collects every mistake on the way. A method that returns null has
 * noted at least one.
 */
final class Binder {
  private final Keys keys;
  private final List<String> mistakes;

  Binder(Keys keys, List<String> mistakes) {
    this.keys = keys;
    this.mistakes = mistakes;
  }

  /** The record that a type's name stands for; empty where a component has no default. */
  static Optional<Object> usual(Class<?> type) {
    Binder binder = new Binder(Keys.NONE, new ArrayList<>());
    return Optional.ofNullable(binder.bindRecord(type, new Node.Mapping(""), ""));
  }

  /** Binds a mapping to a record; the prefix is empty or ends with a dot. */
  Object bindRecord(Class<?> type, Node.Mapping mapping, String prefix) {
    RecordComponent[] components = type.getRecordComponents();
    refuseUnknown(mapping, components, prefix);
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = bindComponent(components[i], mapping, prefix + components[i].getName());
    }
    return Arrays.asList(values).contains(null)
        ? null
        : construct(type, components, values, mapping.where(), prefix);
  }

  private void refuseUnknown(Node.Mapping mapping, RecordComponent[] components, String prefix) {
    List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
    mapping
        .values()
        .forEach(
            (name, node) -> {
              if (!known.contains(name)) {
                String hint = keys.hint(prefix, name, known);
                mistakes.add(node.where() + ": " + prefix + name + ": unknown key" + hint);
              }
            });
  }

  private Object bindComponent(RecordComponent component, Node.Mapping parent, String key) {
    Type type = component.getGenericType();
    Node node = parent.values().get(component.getName());
    if (node != null) {
      return bind(type, node, key, component);
    }
    Default standard = component.getAnnotation(Default.class);
    if (standard != null) {
      Node value = YamlReader.value("default", standard.value(), mistakes);
      return bind(type, value, key, component);
    } else if (component.getType() == Optional.class) {
      return Optional.empty();
    } else if (component.getType().isRecord()) {
      return bindRecord(component.getType(), new Node.Mapping(parent.where()), key + ".");
    }
    String expected = Expectation.of(type, component);
    mistakes.add(parent.where() + ": " + key + ": missing; expected " + expected);
    return null;
  }

  private Object bind(Type type, Node node, String key, RecordComponent component) {
    Class<?> raw = Types.raw(type);
    if (raw == Optional.class) {
      Type inner = Types.argument(type, 0);
      Object value = node instanceof Node.Nothing ? "" : bind(inner, node, key, component);
      return node instanceof Node.Nothing ? Optional.empty() : boxed(value);
    } else if (raw == List.class) {
      return bindList(type, node, key, component);
    } else if (Types.isFamily(raw)) {
      return bindFamily(raw, node, key);
    } else if (raw.isRecord()) {
      return switch (node) {
        case Node.Mapping mapping -> bindRecord(raw, mapping, key + ".");
        case Node.Nothing nothing -> bindRecord(raw, new Node.Mapping(nothing.where()), key + ".");
        case Node.Scalar _, Node.Sequence _ -> refuse(type, node, key, component);
      };
    }
    return node instanceof Node.Scalar scalar
        ? bindScalar(raw, scalar, key, component)
        : refuse(type, node, key, component);
  }

  private static Object boxed(Object value) {
    return value == null ? null : Optional.of(value);
  }

  private Object bindList(Type type, Node node, String key, RecordComponent component) {
    Type element = Types.argument(type, 0);
    return switch (node) {
      case Node.Sequence sequence -> bindAll(element, sequence.values(), key, component);
      case Node.Scalar scalar -> bindAll(element, words(scalar), key, component);
      case Node.Mapping _, Node.Nothing _ -> refuse(type, node, key, component);
    };
  }

  private static List<Node> words(Node.Scalar scalar) {
    if (scalar.text().isBlank()) {
      return List.of();
    }
    return Arrays.stream(scalar.text().split(",", -1))
        .map(word -> (Node) new Node.Scalar(scalar.where(), word.strip()))
        .toList();
  }

  private Object bindAll(Type element, List<Node> nodes, String key, RecordComponent component) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      values.add(bind(element, nodes.get(i), key + "[" + i + "]", component));
    }
    return values.contains(null) ? null : List.copyOf(values);
  }

  private Object bindFamily(Class<?> family, Node node, String key) {
    Map<String, Class<?>> records = Variants.records(family);
    Node kind = node instanceof Node.Mapping mapping ? mapping.values().get(Variants.KIND) : node;
    if (kind == null) {
      String allowed = String.join(", ", records.keySet());
      mistakes.add(node.where() + ": " + key + ".kind: missing; expected one of " + allowed);
      return null;
    }
    String kindKey = kind.equals(node) ? key : key + ".kind";
    if (!(kind instanceof Node.Scalar name) || !records.containsKey(Variants.normal(name.text()))) {
      return refuse(family, kind, kindKey, null);
    }
    Node.Mapping rest = new Node.Mapping(node.where());
    if (node instanceof Node.Mapping mapping) {
      rest.values().putAll(mapping.values());
      rest.values().remove(Variants.KIND);
    }
    return bindRecord(records.get(Variants.normal(name.text())), rest, key + ".");
  }

  private Object bindScalar(Class<?> raw, Node.Scalar node, String key, RecordComponent component) {
    String text = node.text();
    if (raw == String.class) {
      return text;
    } else if (raw == Path.class && !text.isBlank()) {
      Path path = path(text);
      return path == null ? refuse(raw, node, key, component) : path;
    } else if (raw.isEnum()) {
      Object constant = Variants.constants(raw).get(Variants.normal(text));
      return constant == null ? refuse(raw, node, key, component) : constant;
    } else if (raw == boolean.class || raw == Boolean.class) {
      boolean known = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
      return known ? (Object) Boolean.parseBoolean(text) : refuse(raw, node, key, component);
    }
    Number number = Types.isNumber(raw) ? number(raw, text) : null;
    boolean good = number != null && Expectation.within(number.doubleValue(), component);
    return good ? number : refuse(raw, node, key, component);
  }

  private static Path path(String text) {
    try {
      return text.startsWith("~/")
          ? Path.of(System.getProperty("user.home"), text.substring(2))
          : Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static Number number(Class<?> raw, String text) {
    String digits = text.replaceAll("(?<=[0-9])_(?=[0-9])", "");
    try {
      if (raw == int.class || raw == Integer.class) {
        return Integer.valueOf(digits);
      } else if (raw == long.class || raw == Long.class) {
        return Long.valueOf(digits);
      }
      double value = Double.parseDouble(digits);
      if (!Double.isFinite(value) || !digits.matches("[-+.0-9eE]+")) {
        return null;
      }
      return raw == float.class || raw == Float.class ? (Number) (float) value : (Number) value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private Object refuse(Type type, Node node, String key, RecordComponent component) {
    String expected = Expectation.of(type, component);
    String hint =
        node instanceof Node.Scalar word
            ? NearestName.of(word.text(), Variants.names(Types.raw(type)))
                .map(name -> "; did you mean " + name + "?")
                .orElse("")
            : "";
    mistakes.add(
        node.where() + ": " + key + " = " + node.shown() + ": expected " + expected + hint);
    return null;
  }

  private Object construct(
      Class<?> type, RecordComponent[] components, Object[] values, String where, String prefix) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IllegalArgumentException refusal)) {
        throw new IllegalStateException(type + " failed on its own values", e.getCause());
      }
      String key = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1) + ": ";
      mistakes.add(where + ": " + key + refusal.getMessage());
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }
}
