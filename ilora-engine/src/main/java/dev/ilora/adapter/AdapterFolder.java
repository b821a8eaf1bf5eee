package dev.ilora.adapter;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Adapters on disk: {@code adapter_config.json} and {@code adapter_model.safetensors}, as PEFT
 * writes them. A folder of plain LoRA opens in PEFT, and plain LoRA that PEFT wrote opens here. A
 * mixture keeps the same matrices, stacked, and says in a section {@code ilora} of its
 * configuration which ranks belong to which expert.
 */
public final class AdapterFolder {
  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";

  private AdapterFolder() {}

  /**
   * Writes adapters into a folder, creating it.
   *
   * @param baseModel where the base model came from, for the reader's information
   * @throws UncheckedIOException if the disk refuses, naming the file
   */
  public static void save(Adapters adapters, Path folder, String baseModel) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be created: " + e.getMessage(), e);
    }
    PeftConfig.write(adapters.config(), baseModel, folder.resolve(CONFIG));
    SafeTensors.write(folder.resolve(WEIGHTS), adapters.parameters(), Map.of("format", "pt"));
  }

  /**
   * Reads adapters for one base model, trainable.
   *
   * @param shape of the base model they are to be used with
   * @throws BadInputException if the configuration asks for something not supported, or weights are
   *     missing, unexpected or of another base model's shape, naming them
   */
  public static Adapters load(Path folder, DecoderShape shape, Device device) {
    AdapterConfig config = readConfig(folder);
    try (SafeTensors stored = SafeTensors.open(folder.resolve(WEIGHTS))) {
      Map<String, Tensor> weights =
          Adapters.layout(config, shape).load(stored, Adapters.OWNER, device, DType.F32);
      weights.values().forEach(weight -> weight.requiresGrad(true));
      return Adapters.of(config, shape, weights);
    }
  }

  /**
   * Reads what a folder adapts, without its weights.
   *
   * @throws BadInputException if the configuration is missing or asks for something not supported
   */
  public static AdapterConfig readConfig(Path folder) {
    return PeftConfig.read(folder.resolve(CONFIG));
  }
}
