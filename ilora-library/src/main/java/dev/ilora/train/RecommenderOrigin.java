package dev.ilora.train;

import dev.ilora.BadInputException;
import dev.ilora.data.Split;
import dev.ilora.files.JsonReason;
import dev.ilora.recommender.ItemScorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a recommender was trained on, and whether it is used on the same: on other data or another
 * split it has seen what it is asked, and with another history it is asked what it never learned.
 */
public final class RecommenderOrigin {
  private static final String DATA = "dataHash";
  private static final String SPLIT = "split";

  private RecommenderOrigin() {}

  /** The entries of a recommender's provenance that say what it was trained on. */
  public static Map<String, Object> of(Split split, String dataHash) {
    Map<String, Object> origin = new LinkedHashMap<>();
    origin.put("dataset", split.dataset().name());
    origin.put(DATA, dataHash);
    origin.put(SPLIT, split.rule());
    return origin;
  }

  /**
   * Says how a recommender's training differs from what it is about to be used on. What a folder
   * does not say, as those of imported weights, is not compared.
   *
   * @param folder of the recommender
   * @param recommender the one in the folder
   * @param dataHash content hash of the data it is used on, whatever the filter they were imported
   *     with
   * @throws BadInputException if the folder's description cannot be read
   */
  public static Optional<String> difference(
      Path folder, ItemScorer recommender, Split split, String dataHash) {
    JsonNode provenance = provenance(folder);
    String data = provenance.path(DATA).asString(dataHash);
    String rule = provenance.path(SPLIT).asString(split.rule());
    int history = recommender.historyLength();
    if (!data.equals(dataHash)) {
      return Optional.of(
          "was trained on data with hash %s, %s has hash %s: other data, or imported with another filter"
              .formatted(data, split.dataset().name(), dataHash));
    }
    if (!rule.equals(split.rule())) {
      return Optional.of(
          "was trained with the split %s, this is %s: it may have learned what it is asked"
              .formatted(rule, split.rule()));
    }
    if (history > 0 && history != split.historyLength()) {
      return Optional.of(
          "was trained on histories of %s items, these have up to %s"
              .formatted(history, split.historyLength()));
    }
    return Optional.empty();
  }

  /** A text of the provenance of the recommender in a folder, where there is one that has it. */
  static Optional<String> entry(Path folder, String name) {
    return Optional.ofNullable(provenance(folder).path(name).asString(null));
  }

  private static JsonNode provenance(Path folder) {
    Path file = folder.resolve("recommender.json");
    try {
      JsonNode root =
          Files.exists(file)
              ? JsonMapper.shared().readTree(file.toFile())
              : JsonMapper.shared().createObjectNode();
      return root.path("provenance");
    } catch (JacksonException e) {
      throw new BadInputException(file, "not JSON: " + JsonReason.of(e));
    }
  }
}
