package dev.ilora.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;

/**
 * Other people's data and weights, in a folder beside the checkout: their licences forbid to pass
 * them on, so they are not in the repository. Tests that need them are skipped where they are
 * missing, with a message that names them. What is ours to give is in {@link ReferenceFiles}.
 */
public final class SharedFiles {
  private static final Map<String, String> SOURCES = sources();
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private SharedFiles() {}

  private static Map<String, String> sources() {
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put("data/movielens-100k", "MovieLens-100K");
    sources.put("data/lastfm-hetrec2011", "Last.fm of HetRec 2011");
    sources.put("data/llara", "the splits released with LLaRA and iLoRA");
    sources.put("data/amazon-beauty", "Amazon Beauty");
    sources.put("data/amazon-sports", "Amazon Sports");
    sources.put("data/tokenizers", "the vocabularies of GPT-2 and Llama 2");
    sources.put("conformance/recommender", "recommender weights released with LLaRA");
    sources.put("conformance/llm/stories260k", "the stories260K language model");
    sources.put("conformance/peft", "adapters that PEFT saved, with their logits");
    sources.put("conformance/llm/smollm2", "what other programs make of SmolLM2");
    sources.put("models/smollm2-135m-instruct", "the SmolLM2-135M-Instruct language model");
    return sources;
  }

  /** What each folder below the shared folder holds, by the folder's path. */
  static Map<String, String> known() {
    return SOURCES;
  }

  /**
   * Returns the file or folder at a path below the shared folder, or skips the test.
   *
   * @throws IllegalArgumentException if the path is in no folder whose source is listed here
   */
  public static Path require(String relative) {
    String reason = reason(relative);
    Path path = shared().resolve(relative).normalize();
    if (!Files.exists(path)) {
      // The build's output counts skipped tests and does not say why.
      if (TOLD.add(reason)) {
        System.err.println("skipped: " + reason);
      }
      Assumptions.abort(reason);
    }
    return path;
  }

  private static Path shared() {
    return Path.of(System.getProperty("ilora.shared", "../../shared"));
  }

  /** Why a test is skipped without a file or folder. */
  static String reason(String relative) {
    for (var source : SOURCES.entrySet()) {
      if (Path.of(relative).startsWith(source.getKey())) {
        return "needs other people's data: %s (%s)".formatted(relative, source.getValue());
      }
    }
    throw new IllegalArgumentException(
        relative + ": say in SharedFiles whose this is, and in docs/reference-vectors.md");
  }
}
