package dev.ilora.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {
  @TempDir Path folder;

  @Test
  void encodesAsTheSlowReferenceDoes() throws IOException {
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      List<String> lines = Texts.lines(random, 40);
      int size = BpeTrainer.SMALLEST_VOCABULARY + random.nextInt(120);
      Path file = folder.resolve(seed + "/tokenizer.json");
      assertEquals(size, BpeTrainer.train(lines, size, file));
      SlowBpe reference = SlowBpe.train(lines, size);
      try (Tokenizer tokenizer = Tokenizer.open(file)) {
        assertEquals(size, tokenizer.vocabularySize());
        for (int i = 0; i < 200; i++) {
          String text = Texts.random(random).replaceAll("</?s>|<slot>|<pad>", "");
          assertArrayEquals(reference.encode(text), tokenizer.encode(text), text);
          assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
        }
      }
    }
  }

  @Test
  void stopsWhereNothingIsLeftToMerge() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    assertEquals(
        BpeTrainer.SMALLEST_VOCABULARY + 5, BpeTrainer.train(List.of("aaaa abab"), 1000, file));
    assertEquals(265, SlowBpe.train(List.of("aaaa abab"), 1000).size());
  }

  @Test
  void isTheSameEachTime() throws IOException {
    List<String> lines = Texts.lines(new Random(3), 50);
    BpeTrainer.train(lines, 400, folder.resolve("a/tokenizer.json"));
    BpeTrainer.train(lines, 400, folder.resolve("b/tokenizer.json"));
    assertEquals(
        -1, Files.mismatch(folder.resolve("a/tokenizer.json"), folder.resolve("b/tokenizer.json")));
  }

  @Test
  void isQuickOnMegabytes() throws IOException {
    Random random = new Random(1);
    List<String> lines = Texts.lines(random, 20_000);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    assertEquals(6000, BpeTrainer.train(lines, 6000, folder.resolve("tokenizer.json")));
    double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
    assertTrue(seconds < 10, () -> seconds + " seconds of processor time");
  }

  @Test
  void refusesAVocabularyBelowTheBytes() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> BpeTrainer.train(List.of("a"), 100, folder.resolve("tokenizer.json")));
    assertEquals(
        "expected a vocabulary of at least 260 tokens (4 special, 256 bytes), got 100",
        e.getMessage());
  }
}
