package dev.ilora.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentencePieceModelTest {
  private static final String ADVICE =
      "; convert it with Hugging Face transformers:"
          + " AutoTokenizer.from_pretrained(FOLDER, use_fast=True).save_pretrained(FOLDER)";

  @TempDir Path folder;

  /** A model of {@code <unk> <s> </s>}, 256 bytes, then "a", "b", "▁", "ab", "▁ab". */
  private static byte[] model(int type, String normalizer) throws IOException {
    var out = new ByteArrayOutputStream();
    out.write(field(1, piece("<unk>", 0, 2)));
    out.write(field(1, piece("<s>", 0, 3)));
    out.write(field(1, piece("</s>", 0, 3)));
    for (int value = 0; value < 256; value++) {
      out.write(field(1, piece("<0x%02X>".formatted(value), 0, 6)));
    }
    String[] pieces = {"▁ab", "ab", "a", "b", "▁"};
    for (int i = 0; i < pieces.length; i++) {
      out.write(field(1, piece(pieces[i], i == 0 ? -2 : -1 - i, 1)));
    }
    out.write(field(2, new byte[] {3 << 3, (byte) type}));
    out.write(field(3, field(1, normalizer.getBytes(StandardCharsets.UTF_8))));
    return out.toByteArray();
  }

  private static byte[] piece(String text, float score, int type) throws IOException {
    var out = new ByteArrayOutputStream();
    out.write(field(1, text.getBytes(StandardCharsets.UTF_8)));
    out.write(2 << 3 | 5);
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(score).array());
    out.write(new byte[] {3 << 3, (byte) type});
    return out.toByteArray();
  }

  private static byte[] field(int number, byte[] content) throws IOException {
    var out = new ByteArrayOutputStream();
    out.write(number << 3 | 2);
    out.write(content.length);
    out.write(content);
    return out.toByteArray();
  }

  private static byte[] withSpacesKept(byte[] model) {
    byte[] more = Arrays.copyOf(model, model.length + 4);
    System.arraycopy(new byte[] {3 << 3 | 2, 2, 4 << 3, 0}, 0, more, model.length, 4);
    return more;
  }

  @Test
  void encodesAFolderWithNothingElse() throws IOException {
    byte[] model = withSpacesKept(model(2, "identity"));
    Files.write(folder.resolve("tokenizer.model"), model);
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertEquals(264, tokenizer.vocabularySize());
      assertArrayEquals(new int[] {259, 260, 263, 263}, tokenizer.encode(" abab  "));
      assertArrayEquals(new int[] {261, 3 + 'c', 3 + '\n'}, tokenizer.encode("ac\n"));
      assertEquals(" abab  é\n", tokenizer.decode(tokenizer.encode(" abab  é\n")));
      assertEquals("</s>", tokenizer.decode(tokenizer.encode("</s>")));
      assertEquals(0, tokenizer.slot());
      assertEquals(2, tokenizer.pad());
    }
  }

  @Test
  void refusesOtherModels() throws IOException {
    assertRefused(model(1, "identity"), "is a sentencepiece model, but not of byte pairs");
    assertRefused(model(2, "nmt_nfkc"), "normalises text ('nmt_nfkc'), which is not supported");
    byte[] whole = withSpacesKept(model(2, "identity"));
    assertRefused(
        Arrays.copyOf(whole, whole.length - 1), "is not a sentencepiece model, or is cut short");
    assertRefused(
        "IQ== 0\nIg== 1\n".getBytes(StandardCharsets.UTF_8),
        "is not a sentencepiece model, or is cut short");
    assertRefused(new byte[0], "is not a sentencepiece model, or is cut short");
  }

  private void assertRefused(byte[] content, String reason) throws IOException {
    Path file = Files.write(folder.resolve("tokenizer.model"), content);
    var e = assertThrows(BadInputException.class, () -> Tokenizer.open(folder));
    assertEquals(file + ": " + reason + ADVICE, e.getMessage());
  }
}
