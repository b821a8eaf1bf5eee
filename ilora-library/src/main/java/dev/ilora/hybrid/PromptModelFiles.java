package dev.ilora.hybrid;

import dev.ilora.BadInputException;
import dev.ilora.adapter.AdapterFolder;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.PeftAdapter;
import dev.ilora.llm.Llama;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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

  private final Path folder;
  private final Set<String> files;
  private final PromptForm form;
  private final Llama llama;

  private PromptModelFiles(Path folder, Set<String> files, PromptForm form, Llama llama) {
    this.folder = folder;
    this.files = files;
    this.form = form;
    this.llama = llama;
  }

  /**
   * Writes all that is joined to the language model, its guide too.
   *
   * @param baseModelHash content hash of the language model
   */
  public static void save(PromptModel model, Path folder, String baseModelHash) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be created: " + e.getMessage(), e);
    }
    switch (model.tuning()) {
      case Tuning.Frozen _ -> {}
      case Tuning.VirtualTokens(Tensor embeddings) ->
          AdapterFolder.saveVirtualTokens(embeddings, folder, baseModelHash);
      case Tuning.Prefix(Tensor keysAndValues) ->
          AdapterFolder.savePrefix(
              new PeftAdapter.Prefix(keysAndValues),
              model.llama().config().keyValueHeads(),
              folder,
              baseModelHash);
      case Tuning.Lora(Adapters adapters) -> AdapterFolder.save(adapters, folder, baseModelHash);
      case Tuning.Mixture mixture -> {
        AdapterFolder.save(mixture.adapters(), folder, baseModelHash);
        mixture.gate().save(folder.resolve(GATE));
      }
    }
    if (model.conditioning() instanceof Conditioning.Embedded embedded) {
      embedded.items().ifPresent(items -> items.projector().save(folder.resolve(ITEMS)));
      embedded.user().ifPresent(user -> user.save(folder.resolve(USERS)));
    }
    model.guide().ifPresent(guide -> guide.save(folder.resolve(RECOMMENDER), Map.of()));
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
    var parts = new PromptModelFiles(folder, files, form, llama);
    Optional<SequenceRecommender> guide = guided ? Optional.of(parts.guide()) : Optional.empty();
    try {
      return new PromptModel(
          llama, encoder, textEncoder, parts.conditioning(guide), parts.tuning(guide));
    } catch (IllegalArgumentException e) {
      guide.ifPresent(SequenceRecommender::close);
      throw new BadInputException(folder, e.getMessage());
    } catch (RuntimeException e) {
      guide.ifPresent(SequenceRecommender::close);
      throw e;
    }
  }

  /**
   * How many virtual tokens a model's prompts begin with, or slots of its prefix.
   *
   * @param files names of the files that belong to the model
   */
  public static int virtualTokens(Path folder, Set<String> files) {
    return files.contains(ADAPTERS) ? AdapterFolder.virtualTokens(folder) : 0;
  }

  private SequenceRecommender guide() {
    Path own = folder.resolve(RECOMMENDER);
    ItemScorer loaded = ItemScorer.load(own, llama.device());
    if (loaded instanceof SequenceRecommender sequence) {
      return sequence;
    }
    loaded.close();
    throw new BadInputException(
        own, "holds %s, which cannot guide a language model".formatted(loaded.name()));
  }

  private SequenceRecommender required(Optional<SequenceRecommender> guide, String reader) {
    return guide.orElseThrow(
        () -> new BadInputException(folder, "has %s, but no recommender for it".formatted(reader)));
  }

  private Conditioning conditioning(Optional<SequenceRecommender> guide) {
    if (!files.contains(ITEMS) && !files.contains(USERS)) {
      return new Conditioning.TextOnly();
    }
    SequenceRecommender own = required(guide, files.contains(ITEMS) ? ITEMS : USERS);
    return new Conditioning.Embedded(
        own,
        projector(ITEMS, form.vectors().width(own))
            .map(items -> new Conditioning.ProjectedItems(form.vectors(), items)),
        projector(USERS, own.sequenceWidth()));
  }

  private Optional<Projector> projector(String file, int inputWidth) {
    return files.contains(file)
        ? Optional.of(
            Projector.load(
                folder.resolve(file), inputWidth, llama.config().hiddenSize(), llama.device()))
        : Optional.empty();
  }

  private Tuning tuning(Optional<SequenceRecommender> guide) {
    Device device = llama.device();
    if (!files.contains(ADAPTERS)) {
      return new Tuning.Frozen();
    }
    return switch (AdapterFolder.open(folder, llama.config().shape(), device)) {
      case PeftAdapter.VirtualTokens(Tensor embeddings) ->
          new Tuning.VirtualTokens(embeddings.requiresGrad(true));
      case PeftAdapter.Prefix(Tensor keysAndValues) ->
          new Tuning.Prefix(keysAndValues.requiresGrad(true));
      case PeftAdapter.Lora(Adapters adapters) ->
          files.contains(GATE)
              ? new Tuning.Mixture(
                  adapters, Gate.load(folder.resolve(GATE), device), gateInput(guide))
              : new Tuning.Lora(adapters);
    };
  }

  private GateInput gateInput(Optional<SequenceRecommender> guide) {
    return switch (form.guidance()) {
      case SEQUENCE -> new GateInput.SequenceEmbedding(required(guide, GATE));
      case PROMPT_MEAN -> new GateInput.PromptMean();
      case RANDOM -> new GateInput.RandomVector(form.guidanceSeed());
    };
  }
}
