package dev.ilora.synthetic;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TitleMakerTest {
  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(2);
  private TitleMaker maker;

  @BeforeEach
  void readWords() throws IOException {
    maker = new TitleMaker(Made.words(folder));
  }

  @Test
  void titlesAreManyOfOneLineAndNeverBlank() {
    Set<String> titles = new HashSet<>();
    for (int i = 0; i < 5000; i++) {
      String title = maker.draw(random);
      assertFalse(title.isBlank() || title.contains("\n") || !title.equals(title.strip()), title);
      titles.add(title);
    }
    assertTrue(titles.size() > 4000, "" + titles.size());
    assertTrue(titles.stream().anyMatch(title -> title.codePoints().anyMatch(c -> c > 0x3ff)));
    assertTrue(titles.stream().anyMatch(title -> title.matches(".*\\(\\d{4}\\).*")));
  }

  @Test
  void aTitleWithAWordHoldsIt() {
    for (int i = 0; i < 200; i++) {
      String title = maker.with("Comet", random);
      assertTrue(title.contains("Comet") && title.length() > "Comet".length(), title);
    }
  }

  @Test
  void aTitleThatBeginsWithAWordSaysMore() {
    Set<String> titles = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      String title = maker.beginning("Comet", random);
      assertTrue(title.startsWith("Comet") && title.length() > "Comet".length(), title);
      titles.add(title);
    }
    assertTrue(titles.size() > 100, "" + titles.size());
  }

  @Test
  void someTitlesSayAWordTwice() {
    int twice = 0;
    for (int i = 0; i < 2000; i++) {
      String[] words = maker.draw(random).split("\\W+");
      twice += new HashSet<>(Arrays.asList(words)).size() < words.length ? 1 : 0;
    }
    assertTrue(twice > 60, "" + twice);
  }
}
