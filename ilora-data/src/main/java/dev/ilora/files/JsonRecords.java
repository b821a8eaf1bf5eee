package dev.ilora.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * Records as JSON objects: names of components and of enum constants in camelCase, an empty
 * Optional as no field at all. Reading is strict: no field may be missing, unknown or of another
 * type.
 */
final class JsonRecords {
  static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new SimpleModule().addKeySerializer(Enum.class, new EnumKeys()))
          .enumNamingStrategy(EnumNamingStrategies.LOWER_CAMEL_CASE)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfigDefaults(
              none ->
                  Arrays.stream(CoercionInputShape.values())
                      .filter(shape -> shape != CoercionInputShape.Integer)
                      .forEach(shape -> none.setCoercion(shape, CoercionAction.Fail)))
          .withCoercionConfig(
              LogicalType.Textual,
              none -> none.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
          .build();

  private static final int SHOWN_CHARACTERS = 60;

  private JsonRecords() {}

  /**
   * Makes a record from an object.
   *
   * @throws IllegalArgumentException naming the field that is wrong and what is expected there, or
   *     with the message of the record's own check
   */
  static <T> T read(JsonNode object, Class<T> type) {
    try {
      return JSON.treeToValue(object, type);
    } catch (ValueInstantiationException e) {
      throw new IllegalArgumentException(reason(e), e);
    } catch (UnrecognizedPropertyException e) {
      throw new IllegalArgumentException("unknown field '" + field(e) + "'", e);
    } catch (MismatchedInputException e) {
      throw new IllegalArgumentException(
          "field '%s' is %s, expected %s".formatted(field(e), found(object, e), expected(e)), e);
    } catch (JacksonException e) {
      // A number that no type holds.
      throw new IllegalArgumentException("field '%s': %s".formatted(field(e), JsonReason.of(e)), e);
    }
  }

  private static String reason(ValueInstantiationException e) {
    return e.getCause() == null ? e.getOriginalMessage() : e.getCause().getMessage();
  }

  /** The place of a mistake, such as {@code costs.train.seconds} or {@code candidates[3]}. */
  private static String field(JacksonException e) {
    return e.getPath().stream()
        .map(at -> at.getPropertyName() == null ? "[" + at.getIndex() + "]" : at.getPropertyName())
        .collect(Collectors.joining("."))
        .replace(".[", "[");
  }

  private static String found(JsonNode object, MismatchedInputException e) {
    if (e instanceof InvalidFormatException wrong && wrong.getValue() instanceof String text) {
      return "\"" + shown(text) + "\"";
    }
    JsonNode node = object;
    for (Reference at : e.getPath()) {
      node =
          at.getPropertyName() == null ? node.path(at.getIndex()) : node.path(at.getPropertyName());
    }
    return node.isMissingNode() ? "missing" : shown(node.toString());
  }

  private static String expected(MismatchedInputException e) {
    Class<?> type = Objects.requireNonNullElse(e.getTargetType(), Object.class);
    boolean element = !e.getPath().isEmpty() && e.getPath().getLast().getPropertyName() == null;
    return expected(element && type.isArray() ? type.componentType() : type);
  }

  private static String expected(Class<?> type) {
    if (List.of(int.class, long.class, Integer.class, Long.class).contains(type)) {
      return "a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == String.class) {
      return "a text";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == Instant.class) {
      return "a time such as 2026-01-31T12:00:00Z";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> name((Enum<?>) constant))
              .collect(Collectors.joining(", "));
    }
    boolean list = type.isArray() || Collection.class.isAssignableFrom(type);
    return list ? "a list" : Map.class.isAssignableFrom(type) ? "an object by name" : "an object";
  }

  static String shown(String text) {
    return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
  }

  private static String name(Enum<?> constant) {
    return EnumNamingStrategies.LOWER_CAMEL_CASE.convertEnumToExternalName(
        null, null, constant.name());
  }

  /** Enum constants as keys of objects, named as they are elsewhere. */
  @SuppressWarnings("rawtypes") // keys are registered by class, which has no parameter
  private static final class EnumKeys extends ValueSerializer<Enum> {
    @Override
    public void serialize(Enum constant, JsonGenerator out, SerializationContext context) {
      out.writeName(name(constant));
    }
  }
}
