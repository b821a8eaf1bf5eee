package dev.ilora.convert;

import dev.ilora.BadInputException;
import dev.ilora.files.WholeFolder;
import dev.ilora.gguf.GgufArchitecture;
import dev.ilora.gguf.GgufType;
import dev.ilora.gguf.GgufWriter;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
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
   * @throws BadInputException if the model's family has no architecture of GGUF, what it computes
   *     or its tokenizer cannot be said in GGUF, or a weight is too large for the type
   */
  public static void toGguf(Path folder, Path file, GgufType type) {
    LlamaConfig config = LlamaConfig.read(LlamaConfig.fileOf(folder));
    GgufArchitecture architecture =
        GgufArchitecture.ofModelType(config.family().modelType())
            .orElseThrow(
                () ->
                    ModelMetadata.refused(
                        folder, "model_type '%s'".formatted(config.family().modelType())));
    GgufWriter writer = new GgufWriter();
    new ModelMetadata(folder, config, architecture).entries(type).forEach(writer::with);
    TokenizerConversion.metadata(folder, config.vocabularySize()).forEach(writer::with);
    new PositionsMetadata(folder, config, architecture).addFactors(writer);
    try (var _ = Scope.open();
        Llama llama = Llama.load(folder, Device.CPU, DType.F32)) {
      llama
          .published()
          .forEach(
              (name, weight) ->
                  writer.tensor(
                      architecture.tensor(name),
                      type.of(weight.shape()),
                      weight.shape(),
                      () ->
                          architecture.stored(
                              name, weight, config.heads(), config.keyValueHeads())));
      writer.write(file);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(folder, e.getMessage());
    }
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
