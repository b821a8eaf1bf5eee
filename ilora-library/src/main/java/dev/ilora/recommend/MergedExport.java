package dev.ilora.recommend;

import dev.ilora.BadInputException;
import dev.ilora.adapter.Adapters;
import dev.ilora.files.WholeFolder;
import dev.ilora.gguf.GgufFile;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.llm.Llama;
import dev.ilora.llm.MergedWeights;
import dev.ilora.llm.WeightForm;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tokenizer.TokenizerConversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A model's language model with its adapter in its weights: an ordinary Hugging Face folder. What
 * {@link LoraExport} writes as an adapter, for programs that know none.
 */
public final class MergedExport {
  private MergedExport() {}

  /**
   * Writes a language model in fp32, with its tokenizer.
   *
   * @param model folder of the model
   * @param target folder to write, which does not exist yet
   * @throws BadInputException if the model has no adapters, or no such part, or there is something
   *     under the target's name
   */
  public static void write(Path model, LoadOptions options, LoraExport.Part part, Path target) {
    requireMergeable(model);
    // The given one, or found by its content: there is one where there are adapters.
    try (Adapters adapter = LoraExport.adapter(model, options, part)) {
      Path base = ModelFolder.base(model, options).orElseThrow();
      WholeFolder.write(
          target,
          draft -> {
            LoraExport.requireFree(target);
            try (Llama llama = Llama.load(base, Device.CPU, DType.F32)) {
              MergedWeights.merge(llama, adapter);
              llama.save(draft);
            }
            writeTokenizer(base, draft);
          });
    }
  }

  /** An adapter that was fitted to rounded weights would be merged into others. */
  private static void requireMergeable(Path model) {
    ModelFolder.card(model)
        .base()
        .flatMap(ModelCard.Base::weights)
        .filter(WeightForm::rounds)
        .ifPresent(
            form -> {
              throw new BadInputException(
                  model,
                  ("was trained over weights in %s, which a merged model does not have: expected"
                          + " one trained with llm.weights=asis, bf16 or fp32; --as lora writes its"
                          + " adapter")
                      .formatted(form.name().toLowerCase(Locale.ROOT)));
            });
  }

  private static void writeTokenizer(Path base, Path folder) throws IOException {
    if (GgufFile.isNamed(base)) {
      TokenizerConversion.write(base, folder);
      return;
    }
    for (Path file : BaseModels.files(base)) {
      Path own = folder.resolve(file.getFileName().toString());
      if (!Files.exists(own) && !file.toString().endsWith(".safetensors")) {
        Files.copy(file, own);
      }
    }
  }
}
