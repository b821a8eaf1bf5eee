package dev.ilora.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenReadsBackInEveryType() {
    Path file = folder.resolve("a.safetensors");
    try (var _ = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (DType dtype : DType.values()) {
        tensors.put(dtype.name(), Tensor.of(new float[] {0, 1, 1, 0, 1, 0}, 2, 3).to(dtype));
      }
      tensors.put("empty", Tensor.zeros(0, 4));
      tensors.put("transposed", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).transpose(0, 1));
      SafeTensors.write(file, tensors, Map.of("made", "here"));
      try (SafeTensors read = SafeTensors.open(file)) {
        assertEquals(Map.of("made", "here"), read.metadata());
        assertEquals(List.copyOf(tensors.keySet()), List.copyOf(read.names()));
        for (DType dtype : DType.values()) {
          assertEquals(dtype, read.load(dtype.name()).dtype());
          assertArrayEquals(new float[] {0, 1, 1, 0, 1, 0}, read.load(dtype.name()).toFloats());
        }
        assertArrayEquals(new long[] {0, 4}, read.load("empty").shape());
        assertArrayEquals(new float[] {1, 3, 2, 4}, read.load("transposed").toFloats());
        assertEquals(DType.BF16, read.load("F32", Device.CPU, DType.BF16).dtype());
      }
    }
  }

  @Test
  void loadedTensorsOutliveTheMapping() {
    Path file = folder.resolve("a.safetensors");
    try (var _ = Scope.open()) {
      SafeTensors.write(file, Map.of("x", Tensor.of(new float[] {1, 2}, 2)), Map.of());
      Tensor x;
      try (SafeTensors read = SafeTensors.open(file)) {
        x = read.load("x");
      }
      assertArrayEquals(new float[] {1, 2}, x.toFloats());
    }
  }

  @Test
  void shardsReadAsOne() throws IOException {
    try (var _ = Scope.open()) {
      SafeTensors.write(
          folder.resolve("1.safetensors"),
          Map.of("x", Tensor.ones(DType.F32, Device.CPU, 1)),
          Map.of());
      SafeTensors.write(folder.resolve("2.safetensors"), Map.of("y", Tensor.zeros(1)), Map.of());
      Path index = folder.resolve("model.safetensors.index.json");
      Files.writeString(
          index, "{\"weight_map\":{\"x\":\"1.safetensors\",\"y\":\"2.safetensors\"}}");
      try (SafeTensors read = SafeTensors.open(folder)) {
        assertArrayEquals(new float[] {1}, read.load("x").toFloats());
        assertArrayEquals(new float[] {0}, read.load("y").toFloats());
      }
      Files.writeString(
          index, "{\"weight_map\":{\"x\":\"2.safetensors\",\"y\":\"1.safetensors\"}}");
      refused(folder, index + ": says that 2.safetensors holds tensor 'x', but 1.safetensors does");
      Files.writeString(
          index, "{\"weight_map\":{\"x\":\"1.safetensors\",\"z\":\"2.safetensors\"}}");
      refused(folder, index + ": says that 2.safetensors holds tensor 'z', but no file does");
      Files.writeString(
          index, "{\"weight_map\":{\"x\":\"1.safetensors\",\"y\":\"2.safetensors\"}}");
      Files.delete(folder.resolve("2.safetensors"));
      refused(folder, index + ": names the missing shard 2.safetensors");
    }
  }

  @Test
  void truncatedAndCorruptFilesAreRefusedNamingTheField() throws IOException {
    Path file = folder.resolve("bad.safetensors");
    refused(file, file + ": no such file");
    Files.write(file, new byte[3]);
    refused(file, file + ": truncated: 3 bytes, expected at least the 8 of the header length");
    Files.write(file, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(-1).array());
    refused(file, file + ": header length 18446744073709551615: expected 2 to 8");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n");
    refused(
        file,
        file
            + ": is a pointer of Git LFS and not the file itself: fetch it with 'git lfs pull', or"
            + " download the model");
    write(file, "[]", 0);
    refused(file, file + ": header: expected a JSON object");
    write(file, "{\"a\":{\"dtype\":\"Q8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1);
    refused(
        file,
        file
            + ": tensor 'a': dtype \"Q8\": expected one of [F32, F64, F16, BF16, I64, I32, I16, U8,"
            + " BOOL]");
    write(file, "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4);
    refused(file, file + ": tensor 'a': data_offsets [0,8]: the file holds 4 bytes of data");
    write(file, "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8);
    refused(
        file, file + ": tensor 'a': data_offsets [0,8] span 8 bytes, shape [3] in F32 takes 12");
    write(
        file,
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        12);
    refused(file, file + ": tensors 'a' and 'b' overlap");
    write(
        file,
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}",
        8);
    refused(file, file + ": tensor 'a': impossible shape [4611686018427387904,4]");
  }

  @Test
  void aFailedWriteLeavesTheFormerFile() throws IOException {
    Path file = folder.resolve("a.safetensors");
    try (var _ = Scope.open()) {
      SafeTensors.write(file, Map.of("x", Tensor.zeros(1)), Map.of());
      byte[] before = Files.readAllBytes(file);
      Tensor closed = Tensor.zeros(9);
      closed.close();
      assertThrows(
          RuntimeException.class, () -> SafeTensors.write(file, Map.of("x", closed), Map.of()));
      assertArrayEquals(before, Files.readAllBytes(file));
      Path inTheWay = folder.resolve("b.safetensors");
      Files.createDirectories(inTheWay.resolve("x"));
      var refusal =
          assertThrows(
              UncheckedIOException.class,
              () -> SafeTensors.write(inTheWay, Map.of("x", Tensor.zeros(9)), Map.of()));
      assertTrue(refusal.getMessage().startsWith(inTheWay + ": cannot be written"));
    }
  }

  /** A file that were mapped would end the process here. */
  @Test
  void aFileThatIsCutShortWhileItIsOpenIsAnError() throws IOException {
    Path file = folder.resolve("a.safetensors");
    try (var _ = Scope.open()) {
      SafeTensors.write(file, Map.of("x", Tensor.zeros(100_000)), Map.of());
      try (SafeTensors open = SafeTensors.open(file);
          FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(8192);
        assertEquals(
            file + ": was cut short to 8192 bytes while it was read",
            assertThrows(BadInputException.class, () -> open.load("x")).getMessage());
      }
    }
  }

  @Test
  void aBitThatFlipsAnywhereIsReported() throws IOException {
    Path file = folder.resolve("a.safetensors");
    try (var _ = Scope.open()) {
      SafeTensors.write(file, Map.of("x", Tensor.zeros(20)), Map.of("step", "12"));
    }
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      String message =
          assertThrows(BadInputException.class, () -> SafeTensors.open(file).close()).getMessage();
      assertTrue(message.startsWith(file + ": "), message);
    }
  }

  private static void refused(Path path, String message) {
    assertEquals(
        message,
        assertThrows(BadInputException.class, () -> SafeTensors.open(path).close()).getMessage());
  }

  private static void write(Path file, String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    Files.write(file, bytes.array());
  }

  @Test
  void valuesThatAreNoNumbersAreRefusedWithTheirTensor() {
    Path file = folder.resolve("a.safetensors");
    for (DType dtype : List.of(DType.F32, DType.F64, DType.F16, DType.BF16)) {
      for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        try (var _ = Scope.open()) {
          Tensor good = Tensor.of(new float[] {1, 2, 3}, 3).to(dtype);
          Tensor bad = Tensor.of(new float[] {1, 2, value, value}, 4).to(dtype);
          SafeTensors.write(file, Map.of("good", good, "bad", bad), Map.of());
          try (SafeTensors read = SafeTensors.open(file)) {
            assertArrayEquals(new float[] {1, 2, 3}, read.load("good").toFloats());
            assertEquals(
                file
                    + ": tensor 'bad': element 2 is "
                    + value
                    + ": expected a finite number. The file is of a run that went wrong, or"
                    + " damaged",
                assertThrows(BadInputException.class, () -> read.load("bad")).getMessage());
          }
        }
      }
    }
  }

  @Test
  void anIndexNamesFilesOfItsFolder() throws IOException {
    Path index = folder.resolve("model.safetensors.index.json");
    String[][] cases = {
      {"a\\u0000b", "names the file 'a\uFFFDb', but no file can have that name"},
      {"../other", "names the file '../other', which is outside the folder"},
      {"/etc/passwd", "names the file '/etc/passwd', which is outside the folder"},
      {"", "names the file '', which is outside the folder"},
      {"none.safetensors", "names the missing shard none.safetensors"},
    };
    for (String[] one : cases) {
      Files.writeString(index, "{\"weight_map\": {\"x\": \"" + one[0] + "\"}}");
      assertEquals(
          index + ": " + one[1],
          assertThrows(BadInputException.class, () -> SafeTensors.open(folder)).getMessage());
    }
    Files.writeString(index, "{\"weight_map\": {\"x\": [1]}}");
    assertEquals(
        index + ": names the file '', which is outside the folder",
        assertThrows(BadInputException.class, () -> SafeTensors.open(folder)).getMessage());
  }
}
