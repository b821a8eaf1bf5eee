package dev.ilora.bench;

import dev.ilora.prompt.PromptTemplate;
import dev.ilora.tokenizer.BpeTrainer;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes the tokenizer of a bench: one that knows the titles and the prompt's frame. */
final class Tokenizers {
  private Tokenizers() {}

  /**
   * Learns at most {@code vocabulary} tokens from titles and frame; fewer where these hold no
   * further pair to merge.
   */
  static Tokenizer train(List<String> titles, PromptTemplate template, int vocabulary)
      throws IOException {
    List<String> lines = new ArrayList<>();
    titles.forEach(title -> lines.add(" " + title + ","));
    lines.add(template.frame());
    try (TemporaryFolder folder = TemporaryFolder.open()) {
      Path file = folder.path().resolve("tokenizer.json");
      BpeTrainer.train(lines, vocabulary, file);
      return Tokenizer.open(file);
    }
  }
}
