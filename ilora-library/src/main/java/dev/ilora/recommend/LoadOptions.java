package dev.ilora.recommend;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a model folder is loaded.
 *
 * @param base folder of the language model, where the model folder does not hold it and it is not
 *     in the model cache
 * @param device {@code cpu} or {@code cuda:N}
 */
public record LoadOptions(Optional<Path> base, String device) {
  /** The model's own base or the cached one, on the processor. */
  public static final LoadOptions DEFAULT = new LoadOptions(Optional.empty(), "cpu");

  /** The same with the language model in this folder. */
  public LoadOptions base(Path folder) {
    return new LoadOptions(Optional.of(folder), device);
  }

  /** The same on another device. */
  public LoadOptions device(String name) {
    return new LoadOptions(base, name);
  }
}
