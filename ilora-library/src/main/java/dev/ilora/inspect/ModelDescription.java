package dev.ilora.inspect;

import dev.ilora.BadInputException;
import dev.ilora.gguf.GgufFile;
import dev.ilora.gguf.GgufModel;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.LlamaLayout;
import dev.ilora.tensor.StoredTensors;
import dev.ilora.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a language model is, without its weights being read.
 *
 * @param model its folder or file
 * @param format of its files, in words
 * @param origin what its files say of it
 * @param fileBytes of the files of its weights
 * @param weightsProblem why its weights cannot be loaded, as far as their names, shapes and types
 *     tell
 * @param tokenizer empty where there is none or it cannot be used
 * @param tokenizerProblem why it cannot be used
 */
public record ModelDescription(
    String model,
    String format,
    Origin origin,
    long fileBytes,
    DecoderFacts decoder,
    WeightFacts weights,
    Optional<String> weightsProblem,
    Optional<TokenizerFacts> tokenizer,
    Optional<String> tokenizerProblem) {

  /**
   * Describes a model.
   *
   * @param model a Hugging Face folder or a GGUF file
   * @throws BadInputException if there is none, or it is of a kind that is not computed here
   */
  public static ModelDescription of(Path model) {
    boolean gguf = GgufFile.isNamed(model);
    LlamaConfig config = LlamaConfig.read(LlamaConfig.fileOf(model));
    Optional<TokenizerFacts> tokenizer = Optional.empty();
    Optional<String> tokenizerProblem = Optional.empty();
    try (StoredTensors stored = Llama.stored(model)) {
      if (hasTokenizer(model, stored)) {
        // A refusal of the tokenizer is what is asked for.
        try {
          tokenizer = Optional.of(TokenizerFacts.of(model));
        } catch (BadInputException e) {
          tokenizerProblem = Optional.of(e.getMessage());
        }
      }
      return new ModelDescription(
          model.toString(),
          gguf ? "GGUF file" : "Hugging Face folder",
          stored instanceof GgufModel file ? Origin.of(file.metadata()) : Origin.ofFolder(model),
          stored.fileBytes(),
          DecoderFacts.of(config),
          WeightFacts.of(config, stored),
          weightsProblem(config, stored),
          tokenizer,
          tokenizerProblem);
    }
  }

  private static boolean hasTokenizer(Path model, StoredTensors stored) {
    return stored instanceof GgufModel file
        ? Tokenizer.isIn(file.metadata())
        : Tokenizer.isIn(model);
  }

  /** A refusal of the weights is what is asked for. */
  private static Optional<String> weightsProblem(LlamaConfig config, StoredTensors stored) {
    try {
      LlamaLayout.require(config, stored);
      return Optional.empty();
    } catch (BadInputException e) {
      return Optional.of(e.getMessage());
    }
  }
}
