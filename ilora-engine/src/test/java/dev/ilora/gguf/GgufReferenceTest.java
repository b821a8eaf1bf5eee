package dev.ilora.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.InScope;
import dev.ilora.testing.ReferenceFiles;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The values that the gguf package of llama.cpp's authors gives, bit for bit. */
@InScope
class GgufReferenceTest {
  private static final Path FOLDER = ReferenceFiles.of("gguf");

  private static int[] bits(Tensor tensor) {
    float[] values = tensor.toFloats();
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  private static JsonNode expected() {
    return JsonMapper.shared().readTree(FOLDER.resolve("expected.json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"types.gguf", "types_align64.gguf", "types_version2.gguf"})
  void everyTypeDequantisesToTheSameBits(String name) {
    try (GgufFile file = GgufFile.open(FOLDER.resolve(name));
        SafeTensors expected = SafeTensors.open(FOLDER.resolve("expected.safetensors"))) {
      assertEquals(name.equals("types.gguf") ? 22 : 4, file.names().size());
      for (String tensor : file.names()) {
        assertArrayEquals(expected.shape(tensor), file.shape(tensor), tensor);
        Tensor values = file.load(tensor, Device.CPU, DType.F32);
        assertArrayEquals(bits(expected.load(tensor)), bits(values), tensor);
        Tensor rounded = file.load(tensor, Device.CPU, DType.BF16);
        assertArrayEquals(bits(expected.load(tensor).to(DType.BF16)), bits(rounded), tensor);
      }
    }
  }

  @Test
  void tensorsHaveTheOrderTypesAndShapesOfTheFile() {
    try (GgufFile file = GgufFile.open(FOLDER.resolve("types.gguf"))) {
      List<String> described = new ArrayList<>();
      for (JsonNode tensor : expected().path("tensors")) {
        String type = tensor.path("type").asString();
        described.add(
            tensor.path("name").asString()
                + " "
                + type
                + " "
                + tensor.path("shape").toString().replace(",", ", "));
      }
      List<String> found =
          file.tensors().values().stream()
              .map(tensor -> tensor.name() + " " + tensor.type() + " " + tensor.shape())
              .toList();
      assertEquals(described, found);
      assertEquals(DType.F16, file.dtype("F16.quantised"));
      assertEquals(DType.BF16, file.dtype("BF16.quantised"));
      assertEquals(DType.F32, file.dtype("Q4_0.random"));
    }
  }

  @Test
  void metadataOfEveryTypeIsRead() {
    try (GgufFile file = GgufFile.open(FOLDER.resolve("types.gguf"))) {
      var all = file.metadata().all();
      JsonNode expected = expected().path("metadata");
      assertEquals(List.copyOf(expected.propertyNames()), List.copyOf(all.keySet()));
      expected.forEachEntry(
          (key, field) -> {
            List<String> types = new ArrayList<>();
            field.path("type").forEach(type -> types.add(type.asString()));
            switch (all.get(key)) {
              case MetadataValue.Scalar(MetadataType type, Object value) -> {
                assertEquals(types, List.of(type.name()), key);
                assertEquals(value(field.path("value")), value, key);
              }
              case MetadataValue.Array(MetadataType elements, List<Object> values) -> {
                assertEquals(types, List.of("ARRAY", elements.name()), key);
                List<Object> wanted = new ArrayList<>();
                field.path("value").forEach(element -> wanted.add(value(element)));
                assertEquals(wanted, values, key);
              }
            }
          });
    }
  }

  private static Object value(JsonNode node) {
    if (node.isIntegralNumber()) {
      BigInteger whole = node.bigIntegerValue();
      return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
    }
    return node.isNumber()
        ? (Object) node.asDouble()
        : node.isBoolean() ? node.asBoolean() : node.asString();
  }

  @Test
  void everyReferenceFileIsTried() throws Exception {
    try (var files = Files.list(FOLDER)) {
      assertEquals(
          List.of("types.gguf", "types_align64.gguf", "types_version2.gguf"),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".gguf"))
              .sorted()
              .toList());
    }
  }
}
