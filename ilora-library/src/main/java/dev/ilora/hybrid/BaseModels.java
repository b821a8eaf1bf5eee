package dev.ilora.hybrid;

import dev.ilora.BadInputException;
import dev.ilora.files.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;

/** Where base models are: ilora-base comes with ilora, others are folders anywhere. */
public final class BaseModels {
  /** The name of the model that comes with ilora. */
  public static final Path OURS = Path.of("ilora-base");

  /** The file of a projector that was taught with the model, where there is one. */
  public static final String PROJECTOR = "projector.safetensors";

  private BaseModels() {}

  /**
   * Returns the folder of a model: the given one, or that of ilora-base where its name is given and
   * no such folder is in the working directory.
   *
   * @throws BadInputException if ilora-base is not where ilora is
   */
  public static Path folder(Path given) {
    if (!given.equals(OURS) || Files.exists(given)) {
      return given;
    }
    Path folder = Path.of(System.getProperty("ilora.root", "."), "models").resolve(OURS);
    if (!Files.exists(folder.resolve("model.safetensors"))) {
      throw new BadInputException(
          folder, "holds no model.safetensors; it comes with ilora's sources (llm.path=DIR)");
    }
    return folder;
  }

  /** SHA-256 of the files that decide what a language model says. */
  public static String hash(Path folder) {
    try {
      MessageDigest digest = Hashes.sha256();
      try (var entries = Files.list(folder)) {
        List<Path> files =
            entries
                .filter(
                    f ->
                        f.toString()
                            .matches(".*(config\\.json|\\.safetensors|tokenizer\\.(json|model))"))
                .sorted()
                .toList();
        for (Path file : files) {
          try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
          }
        }
      }
      return Hashes.hex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
