package dev.ilora.inspect;

import dev.ilora.BadInputException;
import dev.ilora.gguf.Metadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model's files say of who made it. Whether it is so, they cannot tell.
 *
 * @param name of the model
 * @param organization that made it
 * @param licence as the files name it
 */
public record Origin(
    Optional<String> name, Optional<String> organization, Optional<String> licence) {
  private static final String FENCE = "---";

  static Origin of(Metadata metadata) {
    return new Origin(
        metadata.text("general.name"),
        metadata.text("general.organization"),
        metadata.text("general.license"));
  }

  /** Reads the head of a folder's README.md, where Hugging Face keeps such things. */
  static Origin ofFolder(Path folder) {
    List<String> head = head(folder.resolve("README.md"));
    return new Origin(value(head, "model_name"), Optional.empty(), value(head, "license"));
  }

  /** The lines between the first two fences; none where the file does not begin with one. */
  private static List<String> head(Path readme) {
    if (!Files.isRegularFile(readme)) {
      return List.of();
    }
    try {
      // Keys and licences are ASCII; whatever else stands there is not looked at.
      List<String> lines = Files.readAllLines(readme, StandardCharsets.ISO_8859_1);
      if (lines.isEmpty() || !lines.getFirst().equals(FENCE)) {
        return List.of();
      }
      return lines.stream().skip(1).takeWhile(line -> !line.equals(FENCE)).toList();
    } catch (IOException e) {
      throw new BadInputException(readme, "cannot be read: " + e.getMessage());
    }
  }

  private static Optional<String> value(List<String> head, String key) {
    return head.stream()
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }
}
