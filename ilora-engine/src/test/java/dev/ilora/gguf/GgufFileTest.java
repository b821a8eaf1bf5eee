package dev.ilora.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.testing.InScope;
import dev.ilora.testing.ReferenceFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@InScope
class GgufFileTest {
  private static final Path BROKEN = ReferenceFiles.of("gguf/broken");

  private static final String TYPES =
      "F32 (0), F16 (1), BF16 (30), Q4_0 (2), Q4_1 (3), Q5_0 (6), Q5_1 (7), Q8_0 (8), Q2_K (10),"
          + " Q3_K (11), Q4_K (12), Q5_K (13), Q6_K (14), IQ4_NL (20), IQ4_XS (23)";

  /** What is said of each broken file. */
  private static final String REFUSALS =
      """
      alignment_not_power_of_two: metadata 'general.alignment': expected a power of two, got 24
      alignment_wrong_type: metadata 'general.alignment': expected a whole number within 32 bits, got '32' (STRING)
      alignment_zero: metadata 'general.alignment': expected a power of two, got 0
      array_element_unknown: metadata 'x': type 200: expected 0 to 12
      array_length_huge: metadata 'x': says 2305843009213693952 elements, but the 162 bytes left of the file hold at most 20
      array_nested: metadata 'x': is an array of arrays: expected an array of single values
      big_endian: version: the file is big-endian: expected a little-endian file
      cut_in_data: tensor 'b': offset 32 and 32 bytes: the file holds 60 bytes of data
      cut_in_header: tensor count: the file ends here: 4 bytes left, expected 8
      cut_in_metadata: tensor count: says 2 tensors, but the 34 bytes left of the file hold at most 1
      cut_in_tensor_infos: description of tensor 'b': the file ends here: 7 bytes left, expected 8
      dims_count_huge: description of tensor 'b': 2147483648 dimensions: expected at most 4
      dims_negative: description of tensor 'b': impossible shape [18446744073709551608]
      dims_not_whole_blocks: description of tensor 'b': rows of 33 values: expected a multiple of 32, the values of a block of Q4_0
      dims_overflow: description of tensor 'b': impossible shape [4294967296, 4294967296]
      empty: magic: the file ends here: 0 bytes left, expected 4
      key_duplicate: metadata 'llama.block_count': stands there twice
      key_length_huge: metadata entry 1 of 2: says 4611686018427387904 bytes of text, but the 224 bytes left of the file hold at most 224
      kv_count_huge: metadata count: says 1152921504606846976 entries, but the 232 bytes left of the file hold at most 17
      magic: is not a GGUF file: it does not begin with 'GGUF'
      offset_misaligned: tensor 'b': offset 36: expected a multiple of 32
      offset_negative: tensor 'b': offset 18446744073709551584 and 32 bytes: the file holds 64 bytes of data
      offset_outside: tensor 'b': offset 1099511627776 and 32 bytes: the file holds 64 bytes of data
      string_length_beyond_file: metadata 'general.architecture': says 1000000 bytes of text, but the 192 bytes left of the file hold at most 192
      string_length_negative: metadata 'general.architecture': says 18446744073709551615 bytes of text, but the 192 bytes left of the file hold at most 192
      tensor_count_huge: tensor count: says 1152921504606846976 tensors, but the 240 bytes left of the file hold at most 10
      tensor_count_negative: tensor count: says 18446744073709551615 tensors, but the 240 bytes left of the file hold at most 10
      tensor_name_duplicate: tensor 'a': stands there twice
      tensor_type_removed: description of tensor 'b': type 4 is not supported: expected one of TYPES
      tensor_type_unknown: description of tensor 'b': type 250 is not supported: expected one of TYPES
      tensors_overlap: tensors 'a' and 'b' overlap
      value_type_unknown: metadata 'x': type 77: expected 0 to 12
      version_1: version: 1: expected 2 or 3
      version_99: version: 99: expected 2 or 3
      """
          .replace("TYPES", TYPES);

  @TempDir Path folder;

  private static String refusal(Path file) {
    var refused = assertThrows(BadInputException.class, () -> GgufFile.open(file), file.toString());
    String named = file + ": ";
    assertTrue(refused.getMessage().startsWith(named), refused.getMessage());
    return refused.getMessage().substring(named.length());
  }

  @Test
  @Timeout(10)
  void everyBrokenFileIsRefusedWithWhatIsWrong() throws IOException {
    List<String> found = new ArrayList<>();
    try (var files = Files.list(BROKEN)) {
      for (Path file : files.filter(file -> !file.endsWith("ok.gguf")).sorted().toList()) {
        found.add(file.getFileName().toString().replace(".gguf", ": ") + refusal(file));
      }
    }
    assertEquals(34, found.size());
    assertEquals(REFUSALS, String.join("\n", found) + "\n");
  }

  @Test
  void aSoundFileIsRead() {
    try (GgufFile file = GgufFile.open(BROKEN.resolve("ok.gguf"))) {
      assertEquals("llama", file.metadata().text("general.architecture").orElseThrow());
      assertArrayEquals(new long[] {2, 4}, file.shape("a"));
      assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, file.load("b").toFloats());
      var none = assertThrows(BadInputException.class, () -> file.load("c"));
      assertEquals(file.path() + ": has no tensor 'c'", none.getMessage());
    }
  }

  @Test
  void aFileThatIsCutShortWhileItIsOpenIsRefused() throws IOException {
    Path copy = Files.copy(BROKEN.resolve("ok.gguf"), folder.resolve("cut.gguf"));
    try (GgufFile file = GgufFile.open(copy);
        FileChannel other = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      other.truncate(230);
      var cut = assertThrows(BadInputException.class, () -> file.load("b"));
      assertEquals(copy + ": was cut short to 230 bytes while it was read", cut.getMessage());
    }
  }

  @Test
  void aValueThatIsNoNumberIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(BROKEN.resolve("ok.gguf"));
    bytes[bytes.length - 1] = 0x7f;
    bytes[bytes.length - 2] = (byte) 0xc0;
    Path file = Files.write(folder.resolve("nan.gguf"), bytes);
    try (GgufFile open = GgufFile.open(file)) {
      var refused = assertThrows(BadInputException.class, () -> open.load("b"));
      assertEquals(
          file
              + ": tensor 'b': element 7 is NaN: expected a finite number. The file is of a run"
              + " that went wrong, or damaged",
          refused.getMessage());
    }
  }

  @Test
  void metadataOfAnotherTypeThanAskedForIsRefused() {
    try (GgufFile file = GgufFile.open(ReferenceFiles.of("gguf/types.gguf"))) {
      Metadata metadata = file.metadata();
      assertEquals(0.1, metadata.number("test.float64").orElseThrow());
      assertEquals(-128, metadata.whole("test.int8").orElseThrow());
      assertTrue(metadata.flag("test.true").orElseThrow());
      assertTrue(metadata.whole("no.such.key").isEmpty());
      assertEquals(4, metadata.texts("test.array.string").orElseThrow().size());
      String prefix = file.path() + ": metadata 'test.";
      assertEquals(
          prefix + "string': expected true or false, got 'Amélie 🎬\n\"quoted\"' (STRING)",
          assertThrows(BadInputException.class, () -> metadata.flag("test.string")).getMessage());
      assertEquals(
          prefix + "uint32': expected a whole number within 32 bits, got 4294967295",
          assertThrows(BadInputException.class, () -> metadata.whole("test.uint32")).getMessage());
      assertEquals(
          prefix + "array.bool': expected an array of texts, got an array of BOOL",
          assertThrows(BadInputException.class, () -> metadata.texts("test.array.bool"))
              .getMessage());
    }
  }

  @Test
  void aGgufFileIsKnownByItsName() {
    assertTrue(GgufFile.isNamed(folder.resolve("Model.Q4_1.GGUF")));
    assertFalse(GgufFile.isNamed(folder.resolve("model.safetensors")));
  }
}
