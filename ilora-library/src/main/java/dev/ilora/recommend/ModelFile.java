package dev.ilora.recommend;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonReason;
import dev.ilora.files.SealedFile;
import dev.ilora.hybrid.PromptForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code model.json}: what a model folder holds.
 *
 * @param schema version of the layout
 * @param card what the model is
 * @param prompt how its prompts are made; absent for recommenders without a language model
 * @param guided whether the recommender in the folder guides the language model, and is not only
 *     there to make shortlists
 * @param recipe the recipe it was trained by, as YAML
 * @param files SHA-256 of every other file, by its path in the folder
 */
record ModelFile(
    int schema,
    ModelCard card,
    Optional<PromptForm> prompt,
    boolean guided,
    String recipe,
    Map<String, String> files) {
  static final String NAME = "model.json";
  static final int SCHEMA = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  ModelFile {
    files = new TreeMap<>(files);
  }

  /** Writes the file; the folder is a model from then on. */
  void write(Path folder) {
    SealedFile.write(folder.resolve(NAME), JSON.writeValueAsString(this) + "\n");
  }

  /**
   * Reads the file.
   *
   * @throws BadInputException if there is none, it is not such a file, or a later version wrote it
   */
  static ModelFile read(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(folder, "no such model folder");
    }
    if (!Files.exists(file)) {
      throw new BadInputException(folder, "is not a model folder: it has no " + NAME);
    }
    try {
      JsonNode tree = JSON.readTree(file.toFile());
      int schema = tree.path("schema").asInt(-1);
      if (schema != SCHEMA) {
        throw new BadInputException(
            file,
            schema > SCHEMA
                ? "schema %s: a later version of ilora wrote this model; this one reads %s"
                    .formatted(schema, SCHEMA)
                : "schema %s: expected %s".formatted(tree.path("schema"), SCHEMA));
      }
      earlierForm(tree.path("prompt"));
      earlierBase(tree.path("card").path("base"));
      ModelFile read = JSON.treeToValue(tree, ModelFile.class);
      SealedFile.check(file);
      return read;
    } catch (JacksonException e) {
      throw new BadInputException(
          file, "cannot be read as a model's description: " + JsonReason.of(e));
    }
  }

  /** Models of earlier versions held weights as they were multiplied. */
  private static void earlierBase(JsonNode base) {
    if (base instanceof ObjectNode described && !described.has("weights")) {
      described.putNull("weights");
    }
  }

  /**
   * What models of earlier versions do not say: they rank by the sum of the likelihood, and know no
   * chat template.
   */
  private static void earlierForm(JsonNode prompt) {
    if (prompt instanceof ObjectNode form) {
      if (!form.has("likelihood")) {
        form.put("likelihood", "sum");
      }
      if (!form.has("chat")) {
        form.put("chat", "never");
      }
    }
  }
}
