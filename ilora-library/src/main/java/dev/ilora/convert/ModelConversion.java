package dev.ilora.convert;

import dev.ilora.BadInputException;
import dev.ilora.files.WholeFolder;
import dev.ilora.gguf.GgufModel;
import dev.ilora.gguf.GgufType;
import dev.ilora.gguf.GgufWriter;
import dev.ilora.gguf.TensorNames;
import dev.ilora.llm.Family;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tokenizer.TokenizerConversion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes language models in the other of the two formats. The model is held in fp32 meanwhile. */
public final class ModelConversion {
  private ModelConversion() {}

  /**
   * Writes a Hugging Face folder as a GGUF file.
   *
   * @param type of matrices whose rows are whole blocks of it; all else is F32
   * @throws BadInputException if the model is of another family than llama, its positions or its
   *     tokenizer cannot be said in GGUF, or a weight is too large for the type
   */
  public static void toGguf(Path folder, Path file, GgufType type) {
    LlamaConfig config = LlamaConfig.read(LlamaConfig.fileOf(folder));
    if (config.family() != Family.LLAMA) {
      throw new BadInputException(
          LlamaConfig.fileOf(folder),
          "model_type '%s' cannot be written as GGUF: expected '%s'"
              .formatted(config.family().modelType(), Family.LLAMA.modelType()));
    }
    GgufWriter writer = new GgufWriter();
    LlamaMetadata.of(folder, config, type).forEach(writer::with);
    TokenizerConversion.metadata(folder, config.vocabularySize()).forEach(writer::with);
    LlamaMetadata.addRotaryFactors(config, writer);
    try (Llama llama = Llama.load(folder, Device.CPU, DType.F32)) {
      llama.parameters().forEach((name, weight) -> add(writer, config, type, name, weight));
      writer.write(file);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(folder, e.getMessage());
    }
  }

  private static void add(
      GgufWriter writer, LlamaConfig config, GgufType type, String name, Tensor weight) {
    int heads =
        name.contains(".q_proj.")
            ? config.heads()
            : name.contains(".k_proj.") ? config.keyValueHeads() : 0;
    writer.tensor(
        TensorNames.inFile(name),
        type.of(weight.shape()),
        weight.shape(),
        () -> heads == 0 ? weight : GgufModel.neighbours(weight, heads));
  }

  /**
   * Writes a GGUF file as a Hugging Face folder.
   *
   * @param dtype of all weights
   * @param replace whether a model's folder that is there is replaced
   * @throws BadInputException if the file is none that is read here, or something else is in the
   *     folder's place
   */
  public static void toFolder(Path file, Path folder, DType dtype, boolean replace) {
    WholeFolder.write(
        folder,
        draft -> {
          boolean model = replace && Files.exists(folder.resolve("config.json"));
          if (!model && !WholeFolder.isFree(folder)) {
            throw new BadInputException(
                folder,
                replace
                    ? "is no language model's folder; --force only replaces these"
                    : "exists already; choose another or --force");
          }
          try (Llama llama = Llama.load(file, Device.CPU, DType.F32)) {
            llama.save(draft, dtype);
          }
          TokenizerConversion.write(file, draft);
        });
  }

  /** What a type of a folder's weights is called. */
  public static Map<GgufType, DType> folderTypes() {
    return Map.of(GgufType.F32, DType.F32, GgufType.F16, DType.F16, GgufType.BF16, DType.BF16);
  }
}
