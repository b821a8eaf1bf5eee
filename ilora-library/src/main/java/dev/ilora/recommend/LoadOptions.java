package dev.ilora.recommend;

import dev.ilora.llm.WeightForm;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a model folder is loaded.
 *
 * @param base folder of the language model, where the model folder does not hold it and it is not
 *     in the model cache
 * @param device {@code cpu} or {@code cuda:N}
 * @param weights how the language model's matrices are held; as in training where absent
 */
public record LoadOptions(Optional<Path> base, String device, Optional<WeightForm> weights) {
  /** The model's own base or the cached one, on the processor. */
  public static final LoadOptions DEFAULT =
      new LoadOptions(Optional.empty(), "cpu", Optional.empty());

  /** The same with the language model in this folder. */
  public LoadOptions base(Path folder) {
    return new LoadOptions(Optional.of(folder), device, weights);
  }

  /** The same on another device. */
  public LoadOptions device(String name) {
    return new LoadOptions(base, name, weights);
  }

  /** The same with the language model's matrices held in another form. */
  public LoadOptions weights(WeightForm form) {
    return new LoadOptions(base, device, Optional.of(form));
  }
}
