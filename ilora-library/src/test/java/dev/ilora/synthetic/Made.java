package dev.ilora.synthetic;

import dev.ilora.tokenizer.BpeTrainer;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Words and a tokenizer for tests. */
final class Made {
  static final List<String> WORDS =
      List.of(
          "amber",
          "bridge",
          "castle",
          "dragon",
          "ember",
          "forest",
          "garden",
          "harbour",
          "island",
          "jungle",
          "kettle",
          "lantern",
          "meadow",
          "night",
          "ocean",
          "palace",
          "quarry",
          "river",
          "silver",
          "tower",
          "umbrella",
          "valley",
          "winter",
          "yellow",
          "zephyr",
          "apple",
          "bottle",
          "candle",
          "desert",
          "engine",
          "feather",
          "glacier",
          "hammer",
          "iron",
          "jewel",
          "kingdom");

  private Made() {}

  static WordList words(Path folder) throws IOException {
    Path file = folder.resolve("words");
    Files.write(file, WORDS);
    return WordList.read(List.of(file));
  }

  static Tokenizer tokenizer(Path folder) throws IOException {
    List<String> lines = GeneratedText.tokenizerText(words(folder), 1000, 1);
    BpeTrainer.train(lines, 900, folder.resolve("tokenizer.json"));
    return Tokenizer.open(folder);
  }
}
