package dev.ilora.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Set;

/** Questions about the declared type of a component. */
final class Types {
  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, Integer.class, long.class, Long.class);
  private static final Set<Class<?>> FRACTIONAL =
      Set.of(float.class, Float.class, double.class, Double.class);

  private Types() {}

  static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> (Class<?>) generic.getRawType();
      case Type other -> throw new IllegalArgumentException("not a type to configure: " + other);
    };
  }

  static Type argument(Type type, int index) {
    if (type instanceof ParameterizedType generic) {
      return generic.getActualTypeArguments()[index];
    }
    throw new IllegalArgumentException("not a type to configure: " + type + " without arguments");
  }

  static boolean isWhole(Class<?> raw) {
    return WHOLE.contains(raw);
  }

  static boolean isNumber(Class<?> raw) {
    return WHOLE.contains(raw) || FRACTIONAL.contains(raw);
  }

  static boolean isFamily(Class<?> raw) {
    return raw.isSealed() && raw.isInterface();
  }
}
