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
import java.util.Arrays;
import java.util.LinkedHashMap;
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
      Map<String, long[]> expected = Adapters.shapes(config, shape);
      requireFit(folder.resolve(WEIGHTS), expected, stored);
      Map<String, Tensor> weights = new LinkedHashMap<>();
      for (String name : expected.keySet()) {
        weights.put(name, stored.load(name, device, DType.F32).requiresGrad(true));
      }
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

  private static void requireFit(Path file, Map<String, long[]> expected, SafeTensors stored) {
    expected.forEach(
        (name, shape) -> {
          if (!stored.names().contains(name)) {
            throw new BadInputException(file, "weight '" + name + "' is missing");
          }
          if (!Arrays.equals(shape, stored.shape(name))) {
            throw new BadInputException(
                file,
                "weight '%s': the base model needs shape %s, got %s: made for another base model?"
                    .formatted(name, Arrays.toString(shape), Arrays.toString(stored.shape(name))));
          }
        });
    for (String name : stored.names()) {
      if (!expected.containsKey(name)) {
        throw new BadInputException(
            file,
            "weight '" + name + "' has no place in the base model and the targets configured");
      }
    }
  }
}
