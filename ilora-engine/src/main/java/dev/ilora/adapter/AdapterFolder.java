package dev.ilora.adapter;

import dev.ilora.BadInputException;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Adapters on disk: {@code adapter_config.json} and {@code adapter_model.safetensors}, as PEFT
 * writes them. A folder of one LoRA opens in PEFT, and LoRA that PEFT wrote opens here, rsLoRA,
 * DoRA, patterns and fused matrices too (see {@link LoraWeights}). A mixture keeps the same
 * matrices, stacked, and says in a section {@code ilora} of its configuration which ranks belong to
 * which expert.
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
    create(folder);
    PeftConfig.write(adapters, baseModel, folder.resolve(CONFIG));
    SafeTensors.write(folder.resolve(WEIGHTS), adapters.parameters(), Map.of("format", "pt"));
  }

  /**
   * Writes virtual tokens into a folder, creating it, as PEFT writes prompt tuning.
   *
   * @param embeddings (V, C)
   * @param baseModel where the base model came from, for the reader's information
   * @throws UncheckedIOException if the disk refuses, naming the file
   */
  public static void saveVirtualTokens(Tensor embeddings, Path folder, String baseModel) {
    create(folder);
    PeftPromptConfig.write(
        embeddings.size(0), embeddings.size(1), baseModel, folder.resolve(CONFIG));
    savePrompt(embeddings, folder);
  }

  /**
   * Writes a prefix into a folder, creating it, as PEFT writes prefix tuning without a projection.
   *
   * @param groups key/value heads of the base model, G
   * @param baseModel where the base model came from, for the reader's information
   * @throws UncheckedIOException if the disk refuses, naming the file
   */
  public static void savePrefix(
      PeftAdapter.Prefix prefix, int groups, Path folder, String baseModel) {
    create(folder);
    PeftPromptConfig.write(prefix, groups, baseModel, folder.resolve(CONFIG));
    Tensor all = prefix.keysAndValues();
    savePrompt(all.detach().reshape(all.size(0), all.numel() / all.size(0)), folder);
  }

  private static void savePrompt(Tensor vectors, Path folder) {
    Map<String, Tensor> weights = Map.of(PeftPromptConfig.TENSOR, vectors);
    SafeTensors.write(folder.resolve(WEIGHTS), weights, Map.of("format", "pt"));
  }

  /** Whether a folder holds a prefix. */
  public static boolean holdsPrefix(Path folder) {
    return PeftPromptConfig.read(folder.resolve(CONFIG)).filter(c -> c.isPrefix()).isPresent();
  }

  /**
   * How many virtual tokens a folder holds, of embeddings or of a prefix; 0 where it holds
   * something else.
   *
   * @throws BadInputException if the configuration is missing or asks for something not supported
   */
  public static int virtualTokens(Path folder) {
    return PeftPromptConfig.read(folder.resolve(CONFIG)).map(PeftPromptConfig::tokens).orElse(0);
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be created: " + e.getMessage(), e);
    }
  }

  /**
   * Reads adapters for one base model, trainable.
   *
   * @param shape of the base model they are to be used with
   * @throws BadInputException if the configuration asks for something not supported, or weights are
   *     missing, unexpected or of another base model's shape, naming them
   */
  public static Adapters load(Path folder, DecoderShape shape, Device device) {
    LoraConfig config = PeftConfig.read(folder.resolve(CONFIG));
    try (SafeTensors stored = SafeTensors.open(folder.resolve(WEIGHTS))) {
      return LoraWeights.load(stored, config, shape, device);
    }
  }

  /**
   * Reads whatever PEFT wrote for one base model and is computed here.
   *
   * @param shape of the base model
   * @throws BadInputException as {@link #load}
   */
  public static PeftAdapter open(Path folder, DecoderShape shape, Device device) {
    Optional<PeftPromptConfig> prompt = PeftPromptConfig.read(folder.resolve(CONFIG));
    if (prompt.isEmpty()) {
      return new PeftAdapter.Lora(load(folder, shape, device));
    }
    try (SafeTensors stored = SafeTensors.open(folder.resolve(WEIGHTS))) {
      return prompt.get().load(stored, shape, device);
    }
  }

  /**
   * Reads what a folder adapts, without its weights: the rank and alpha of modules that do not have
   * their own, and every projection that is adapted in some layer.
   *
   * @throws BadInputException if the configuration is missing or asks for something not supported
   */
  public static AdapterConfig readConfig(Path folder) {
    return PeftConfig.read(folder.resolve(CONFIG)).declared();
  }
}
