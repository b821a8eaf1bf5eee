package dev.ilora.hybrid;

import dev.ilora.BadInputException;
import dev.ilora.adapter.AdapterFolder;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.llm.Llama;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The trained parts of a prompt model on disk: {@code adapter_config.json} and {@code
 * adapter_model.safetensors} in PEFT's layout, {@code gate.safetensors}, {@code
 * projector.safetensors}, {@code user_projector.safetensors}, and the recommender's files in {@code
 * recommender/}. Parts that a model does not have have no file.
 */
public final class PromptModelFiles {
  private static final String GATE = "gate.safetensors";
  private static final String ITEMS = "projector.safetensors";
  private static final String USERS = "user_projector.safetensors";
  private static final String ADAPTERS = "adapter_config.json";

  /** The folder of the recommender that guides the model, in the model's. */
  public static final String RECOMMENDER = "recommender";

  private PromptModelFiles() {}

  /**
   * Writes all that is joined to the language model, its guide too.
   *
   * @param baseModelHash content hash of the language model
   */
  public static void save(PromptModel model, Path folder, String baseModelHash) {
    PromptModel.Parts parts = model.parts();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be created: " + e.getMessage(), e);
    }
    if (parts.adapters() != null) {
      AdapterFolder.save(parts.adapters(), folder, baseModelHash);
    }
    if (parts.gate() != null) {
      parts.gate().save(folder.resolve(GATE));
    }
    if (parts.items() != null) {
      parts.items().save(folder.resolve(ITEMS));
    }
    if (parts.users() != null) {
      parts.users().save(folder.resolve(USERS));
    }
    if (parts.recommender() != null) {
      parts.recommender().save(folder.resolve(RECOMMENDER), java.util.Map.of());
    }
  }

  /**
   * Reads a model back onto its language model.
   *
   * @param files names of the files that belong to the model; others in the folder are not looked
   *     at
   * @param form of the prompts it was trained with
   * @param guided whether its recommender guides it, and is not only there to make shortlists
   * @throws BadInputException if a file is damaged or the parts do not fit each other
   */
  public static PromptModel load(
      Path folder,
      Set<String> files,
      PromptForm form,
      boolean guided,
      Llama llama,
      PromptEncoder encoder,
      PromptEncoder textEncoder) {
    Device device = llama.device();
    int width = llama.config().hiddenSize();
    SequenceRecommender guide = guided ? guide(folder.resolve(RECOMMENDER), device) : null;
    Projector items =
        files.contains(ITEMS)
            ? Projector.load(folder.resolve(ITEMS), form.vectors().width(guide), width, device)
            : null;
    Projector users =
        files.contains(USERS)
            ? Projector.load(folder.resolve(USERS), guide.sequenceWidth(), width, device)
            : null;
    Adapters adapters =
        files.contains(ADAPTERS)
            ? AdapterFolder.load(folder, llama.config().shape(), device)
            : null;
    Gate gate = files.contains(GATE) ? Gate.load(folder.resolve(GATE), device) : null;
    return new PromptModel(
        llama,
        encoder,
        textEncoder,
        new PromptModel.Parts(
            guide,
            form.vectors(),
            items,
            users,
            adapters,
            gate,
            form.guidance(),
            form.guidanceSeed()));
  }

  private static SequenceRecommender guide(Path folder, Device device) {
    ItemScorer loaded = ItemScorer.load(folder, device);
    if (loaded instanceof SequenceRecommender sequence) {
      return sequence;
    }
    loaded.close();
    throw new BadInputException(
        folder, "holds %s, which cannot guide a language model".formatted(loaded.name()));
  }
}
