package dev.ilora.gguf;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What a file says of itself, by key. A value of another type than asked for is refused. */
public final class Metadata {
  private final Path file;
  private final Map<String, MetadataValue> values;

  Metadata(Path file, Map<String, MetadataValue> values) {
    this.file = file;
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** All of it, in the order of the file. */
  public Map<String, MetadataValue> all() {
    return values;
  }

  /** A text; empty where the key is not there. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(scalar(key, String.class, "a text"));
  }

  /** True or false; empty where the key is not there. */
  public Optional<Boolean> flag(String key) {
    return Optional.ofNullable(scalar(key, Boolean.class, "true or false"));
  }

  /** A number; empty where the key is not there. */
  public OptionalDouble number(String key) {
    Number value = scalar(key, Number.class, "a number");
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.doubleValue());
  }

  /** A whole number within 32 bits; empty where the key is not there. */
  public OptionalInt whole(String key) {
    String expected = "a whole number within 32 bits";
    Long value = scalar(key, Long.class, expected);
    if (value != null && value != value.intValue()) {
      throw unexpected(key, expected, value);
    }
    return value == null ? OptionalInt.empty() : OptionalInt.of(value.intValue());
  }

  /** Texts; empty where the key is not there. */
  public Optional<List<String>> texts(String key) {
    return array(key, String.class, "an array of texts");
  }

  /** Numbers; empty where the key is not there. */
  public Optional<List<Number>> numbers(String key) {
    return array(key, Number.class, "an array of numbers");
  }

  /** A refusal for a key that is not there and is needed. */
  public BadInputException lacks(String key) {
    return new BadInputException(file, "metadata lacks '" + key + "'");
  }

  /** A refusal of a value. */
  public BadInputException unexpected(String key, String expected, Object value) {
    return new BadInputException(
        file, "metadata '%s': expected %s, got %s".formatted(key, expected, value));
  }

  private <T> T scalar(String key, Class<T> type, String expected) {
    return switch (values.get(key)) {
      case null -> null;
      case MetadataValue.Scalar(_, Object value) when type.isInstance(value) -> type.cast(value);
      case MetadataValue.Scalar(var found, Object value) ->
          throw unexpected(key, expected, "'%s' (%s)".formatted(value, found));
      case MetadataValue.Array(var found, _) ->
          throw unexpected(key, expected, "an array of " + found);
    };
  }

  private <T> Optional<List<T>> array(String key, Class<T> type, String expected) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case MetadataValue.Scalar(var found, _) -> throw unexpected(key, expected, "one " + found);
      case MetadataValue.Array(var found, List<Object> elements) -> {
        if (!elements.stream().allMatch(type::isInstance)) {
          throw unexpected(key, expected, "an array of " + found);
        }
        yield Optional.of(elements.stream().map(type::cast).toList());
      }
    };
  }
}
