package dev.ilora.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names in files for what Java names its own way: enum constants and records of a sealed family.
 */
final class Variants {
  /** The key that says which record of a sealed interface is meant. */
  static final String KIND = "kind";

  private Variants() {}

  /** The constants of an enum under their names in files, {@code TOP_K} as {@code top-k}. */
  static Map<String, Object> constants(Class<?> type) {
    Map<String, Object> constants = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(name((Enum<?>) constant), constant);
    }
    return constants;
  }

  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The records of a sealed interface under their names in files, {@code TopK} as {@code top-k}.
   */
  static Map<String, Class<?>> records(Class<?> sealedType) {
    Map<String, Class<?>> records = new LinkedHashMap<>();
    for (Class<?> permitted : sealedType.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        records.putAll(records(permitted));
      } else if (permitted.isRecord()) {
        records.put(name(permitted), permitted);
      }
    }
    return records;
  }

  static String name(Class<?> recordType) {
    return recordType
        .getSimpleName()
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  /** All names a type knows; none for types that are not enums or families. */
  static Set<String> names(Class<?> type) {
    return type.isEnum()
        ? constants(type).keySet()
        : Types.isFamily(type) ? records(type).keySet() : Set.of();
  }

  /** A name as given, brought to the form used in files. */
  static String normal(String given) {
    return given.strip().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
