package dev.ilora.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonLineNamesTest {
  /** As Python writes an emoji; Jackson 3.0.2 refused such a name. */
  @Test
  void aNameMayBeAnEscapedPairOfSurrogates() {
    String json = "{\"\\ud83d\\ude00\": 1, \"a\\ud83d\\ude00b\": 2}";
    assertEquals(
        Map.of("\ud83d\ude00", 1.0, "a\ud83d\ude00b", 2.0),
        JsonLine.parse(Path.of("x"), 1, json).numbers());
  }
}
