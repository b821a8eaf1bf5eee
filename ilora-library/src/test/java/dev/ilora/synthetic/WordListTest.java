package dev.ilora.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordListTest {
  @TempDir Path folder;

  private Path file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  @Test
  void theFirstFileIsDrawnFromTwiceAsOftenAsTheSecond() throws IOException {
    WordList words =
        WordList.read(List.of(file("common", "day"), file("rare", "aardvark", "zebu")));
    SplittableRandom random = new SplittableRandom(1);
    int common = 0;
    for (int i = 0; i < 3000; i++) {
      common += words.draw(random).equals("day") ? 1 : 0;
    }
    assertEquals(2000, common, 120);
    assertEquals(3, words.size());
  }

  @Test
  void whatIsNotAWordOfLettersIsLeftOut() throws IOException {
    assertEquals(
        1, WordList.read(List.of(file("w", "don't", "well-known", "day", "", "3d"))).size());
  }

  @Test
  void filesThatAreMissingOrHoldNoWordsOrNoTextAreRefused() throws IOException {
    Path missing = folder.resolve("missing");
    assertTrue(refusal(missing).contains("missing: no such file; a list of English words"));
    assertTrue(refusal(file("empty", "1", "2")).endsWith("holds no words; expected one a line"));
    Path bytes = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, (byte) 0xfe, 10});
    assertTrue(refusal(bytes).endsWith("is not UTF-8 text"));
  }

  private static String refusal(Path file) {
    return assertThrows(BadInputException.class, () -> WordList.read(List.of(file))).getMessage();
  }
}
