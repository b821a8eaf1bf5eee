package dev.ilora.hybrid;

import dev.ilora.BadInputException;
import dev.ilora.files.Hashes;
import dev.ilora.gguf.GgufFile;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where base models are: ilora-base comes with ilora, others are folders or GGUF files anywhere.
 */
public final class BaseModels {
  /** The name of the model that comes with ilora. */
  public static final Path OURS = Path.of("ilora-base");

  /** The file of a projector that was taught with the model, where there is one. */
  public static final String PROJECTOR = "projector.safetensors";

  private BaseModels() {}

  /**
   * Returns the folder or file of a model: the given one, or that of ilora-base where its name is
   * given and no such folder is in the working directory.
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

  /** Whether a language model is there: a folder, or a GGUF file. */
  public static boolean exists(Path model) {
    return Files.isDirectory(model) || GgufFile.isNamed(model) && Files.isRegularFile(model);
  }

  /**
   * Where base models are kept that other folders refer to: ILORA_MODELS, or in the home folder.
   */
  public static Path cache() {
    String given = System.getenv("ILORA_MODELS");
    return given != null && !given.isBlank()
        ? Path.of(given)
        : Path.of(System.getProperty("user.home"), ".cache", "ilora", "models");
  }

  /**
   * Finds a model by its content: ilora-base where it comes with ilora, or what is in the cache.
   *
   * @param name of its folder or file
   * @param sha256 as {@link #hash} gives it
   */
  public static Optional<Path> find(String name, String sha256) {
    if (name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    return Stream.of(
            Path.of(System.getProperty("ilora.root", "."), "models").resolve(name),
            cache().resolve(name))
        .filter(BaseModels::exists)
        .filter(model -> hash(model).equals(sha256))
        .findFirst();
  }

  /**
   * All files a language model is loaded from: those that decide what it says, and where its
   * weights are in several files, the index of them.
   *
   * @throws BadInputException if there is no such model
   */
  public static List<Path> filesWithIndex(Path folder) {
    Path index = folder.resolve("model.safetensors.index.json");
    return Stream.concat(
            files(folder).stream(), Files.exists(index) ? Stream.of(index) : Stream.empty())
        .toList();
  }

  /**
   * The files that decide what a language model says, in the order of their names.
   *
   * @throws BadInputException if there is no such model
   */
  public static List<Path> files(Path folder) {
    if (!exists(folder)) {
      throw new BadInputException(folder, "no such language model's folder or GGUF file");
    }
    if (GgufFile.isNamed(folder)) {
      return List.of(folder);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(
              f ->
                  f.toString().matches(".*(config\\.json|\\.safetensors|tokenizer\\.(json|model))")
                      || f.endsWith(Tokenizer.CHAT_TEMPLATE)
                      || f.endsWith("special_tokens_map.json") && Tokenizer.readsMap(folder))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** SHA-256 of the files that decide what a language model says. */
  public static String hash(Path folder) {
    MessageDigest digest = Hashes.sha256();
    for (Path file : files(folder)) {
      Hashes.update(digest, file);
    }
    return Hashes.hex(digest.digest());
  }
}
