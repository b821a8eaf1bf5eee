package dev.ilora.hybrid;

import dev.ilora.BadInputException;
import dev.ilora.adapter.AdapterFolder;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.Guidance;
import dev.ilora.files.WholeFile;
import dev.ilora.llm.Llama;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A trained model on disk: {@code adapter_config.json} and {@code adapter_model.safetensors} as
 * PEFT writes them, {@code gate.safetensors}, {@code projector.safetensors}, {@code
 * user_projector.safetensors}, the recommender's files, and {@code manifest.json} with the hash of
 * the base model they belong to and the form of the prompts they were trained with. Parts a model
 * does not have have no file; the manifest lists those it has, so that a lost one is noticed.
 */
public final class ModelFolder {
  private static final int SCHEMA = 2;
  private static final String MANIFEST = "manifest.json";
  private static final String GATE = "gate.safetensors";
  private static final String ITEMS = "projector.safetensors";
  private static final String USERS = "user_projector.safetensors";
  private static final String ADAPTERS = "adapter_config.json";
  private static final String RECOMMENDER = "recommender.safetensors";
  private static final List<String> PARTS = List.of(ADAPTERS, GATE, ITEMS, USERS, RECOMMENDER);
  private static final JsonMapper JSON = JsonMapper.shared();

  private ModelFolder() {}

  /**
   * Writes all that is joined to the language model.
   *
   * @param baseModelHash content hash of the language model
   * @param provenance more entries of the manifest: recipe, data hash, seed, metrics
   */
  public static void save(
      PromptModel model, Path folder, String baseModelHash, Map<String, ?> provenance) {
    PromptModel.Parts parts = model.parts();
    try {
      Files.createDirectories(folder);
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
        parts.recommender().save(folder, Map.of());
      }
      Map<String, Object> manifest = new LinkedHashMap<>();
      manifest.put("schema", SCHEMA);
      manifest.put("base_model_hash", baseModelHash);
      manifest.put("parts", files(parts));
      manifest.put("item_embeddings", model.encoder().embeddings().name());
      manifest.put("item_vectors", parts.vectors().name());
      manifest.put("user_slot", model.encoder().userSlot());
      manifest.put("guidance", parts.guidance().name());
      manifest.put("guidance_seed", parts.guidanceSeed());
      manifest.putAll(provenance);
      WholeFile.write(
          folder.resolve(MANIFEST),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static List<String> files(PromptModel.Parts parts) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(ADAPTERS, parts.adapters());
    all.put(GATE, parts.gate());
    all.put(ITEMS, parts.items());
    all.put(USERS, parts.users());
    all.put(RECOMMENDER, parts.recommender());
    all.values().removeIf(Objects::isNull);
    return List.copyOf(all.keySet());
  }

  /** Refuses a folder that lost a part, or got one of another model. */
  private static void requireParts(Path folder, JsonNode manifest) {
    List<String> listed =
        manifest.path("parts").values().stream().map(part -> part.asString("")).toList();
    for (String part : PARTS) {
      boolean there = Files.exists(folder.resolve(part));
      if (listed.contains(part) && !there) {
        throw new BadInputException(folder, "is incomplete: it lacks " + part);
      }
      if (manifest.has("parts") && there && !listed.contains(part)) {
        throw new BadInputException(
            folder.resolve(part),
            "does not belong to this model: " + MANIFEST + " does not list it");
      }
    }
  }

  private static void requireForm(Path folder, JsonNode manifest, PromptEncoder encoder) {
    String trained =
        form(
            manifest.path("item_embeddings").asString("?"),
            manifest.path("user_slot").asBoolean(false));
    String given = form(encoder.embeddings().name(), encoder.userSlot());
    if (!trained.equals(given)) {
      throw new BadInputException(
          folder, "was trained on prompts with %s, these have %s".formatted(trained, given));
    }
  }

  private static String form(String items, boolean userSlot) {
    return "item embeddings %s and %s user slot".formatted(items, userSlot ? "a" : "no");
  }

  /**
   * Reads a model back onto its language model.
   *
   * @param baseModelHash content hash of {@code llama}
   * @param encoder makes prompts of the form the model was trained with
   * @throws BadInputException if the folder is incomplete, belongs to another base model or was
   *     trained with prompts of another form
   */
  public static PromptModel load(
      Path folder,
      Llama llama,
      String baseModelHash,
      PromptEncoder encoder,
      PromptEncoder textEncoder) {
    JsonNode manifest = manifest(folder);
    String expected = manifest.path("base_model_hash").asString("");
    if (!expected.equals(baseModelHash)) {
      throw new BadInputException(
          folder, "was trained on the base model %s, not on %s".formatted(expected, baseModelHash));
    }
    requireParts(folder, manifest);
    requireForm(folder, manifest, encoder);
    Device device = llama.device();
    int width = llama.config().hiddenSize();
    SequenceRecommender recommender = recommender(folder, device);
    ItemVectors vectors = choice(ItemVectors.class, "item_vectors", "INPUT", folder, manifest);
    Projector items =
        Files.exists(folder.resolve(ITEMS))
            ? Projector.load(folder.resolve(ITEMS), vectors.width(recommender), width, device)
            : null;
    Projector users =
        Files.exists(folder.resolve(USERS))
            ? Projector.load(folder.resolve(USERS), recommender.sequenceWidth(), width, device)
            : null;
    Adapters adapters =
        Files.exists(folder.resolve(ADAPTERS))
            ? AdapterFolder.load(folder, llama.config().shape(), device)
            : null;
    Gate gate = Files.exists(folder.resolve(GATE)) ? Gate.load(folder.resolve(GATE), device) : null;
    return new PromptModel(
        llama,
        encoder,
        textEncoder,
        new PromptModel.Parts(
            recommender,
            vectors,
            items,
            users,
            adapters,
            gate,
            choice(Guidance.class, "guidance", "", folder, manifest),
            manifest.path("guidance_seed").asLong(0)));
  }

  private static JsonNode manifest(Path folder) {
    Path file = folder.resolve(MANIFEST);
    if (!Files.exists(file)) {
      throw new BadInputException(folder, "is not a trained model: it has no " + MANIFEST);
    }
    try {
      JsonNode manifest = JSON.readTree(file.toFile());
      if (manifest.path("schema").asInt(-1) != SCHEMA) {
        throw new BadInputException(
            file, "schema %s: this version reads %d".formatted(manifest.path("schema"), SCHEMA));
      }
      return manifest;
    } catch (JacksonException e) {
      throw new BadInputException(file, "not JSON: " + e.getOriginalMessage());
    }
  }

  private static <E extends Enum<E>> E choice(
      Class<E> choices, String entry, String absent, Path folder, JsonNode manifest) {
    String name = manifest.path(entry).asString(absent);
    for (E choice : choices.getEnumConstants()) {
      if (choice.name().equals(name)) {
        return choice;
      }
    }
    throw new BadInputException(
        folder.resolve(MANIFEST), "%s '%s': unknown".formatted(entry, name));
  }

  private static SequenceRecommender recommender(Path folder, Device device) {
    if (!Files.exists(folder.resolve(RECOMMENDER))) {
      return null;
    }
    return ItemScorer.load(folder, device) instanceof SequenceRecommender sequence
        ? sequence
        : null;
  }
}
