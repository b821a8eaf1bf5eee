package dev.ilora.hybrid;

import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.WeightForm;
import dev.ilora.prompt.ChatUse;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A prompt model with its language model and tokenizer, closed together. */
public final class OpenModel implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final Llama llama;
  private final PromptModel model;

  private OpenModel(Tokenizer tokenizer, Llama llama, PromptModel model) {
    this.tokenizer = tokenizer;
    this.llama = llama;
    this.model = model;
  }

  /** Makes a prompt model on an open language model. */
  @FunctionalInterface
  public interface Maker {
    /**
     * @param encoder makes the prompts
     * @param textEncoder makes the same prompts without embeddings
     */
    PromptModel on(Llama llama, PromptEncoder encoder, PromptEncoder textEncoder);
  }

  /**
   * Opens a language model and what is joined to it.
   *
   * @param base folder or GGUF file of the language model
   * @param dtype type its weights are multiplied in
   * @param form how its matrices are held; in that type where absent
   * @param titles of the items, in the order of their ids
   * @param chat whether prompts are put as the model's chat template puts them
   * @param virtualTokens learned vectors that prompts begin with
   * @param maker makes or reads what is joined to it; the model is closed again where that fails
   */
  public static OpenModel open(
      Path base,
      Device device,
      DType dtype,
      Optional<WeightForm> form,
      PromptTemplate template,
      List<String> titles,
      ItemEmbeddings embeddings,
      boolean userSlot,
      ChatUse chat,
      int virtualTokens,
      Maker maker) {
    Tokenizer tokenizer = Tokenizer.open(base);
    Llama llama = null;
    try {
      tokenizer.requireEmbeddings(LlamaConfig.read(LlamaConfig.fileOf(base)).vocabularySize());
      llama = Llama.load(base, device, dtype, form);
      int context = llama.config().maxPositions();
      PromptModel model =
          maker.on(
              llama,
              new PromptEncoder(
                  tokenizer, template, titles, embeddings, userSlot, chat, context, virtualTokens),
              new PromptEncoder(
                  tokenizer,
                  template,
                  titles,
                  ItemEmbeddings.NONE,
                  false,
                  chat,
                  context,
                  virtualTokens));
      return new OpenModel(tokenizer, llama, model);
    } catch (RuntimeException e) {
      if (llama != null) {
        llama.close();
      }
      tokenizer.close();
      throw e;
    }
  }

  /** The model. */
  public PromptModel model() {
    return model;
  }

  @Override
  public void close() {
    model.parameters().values().forEach(Tensor::close);
    model.tuning().gateBuffers().values().forEach(Tensor::close);
    model.guide().ifPresent(SequenceRecommender::close);
    llama.close();
    tokenizer.close();
  }
}
