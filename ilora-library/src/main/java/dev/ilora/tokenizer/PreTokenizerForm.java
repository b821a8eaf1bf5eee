package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The name that GGUF has for how a tokenizer.json cuts texts.
 *
 * @param name as in {@code tokenizer.ggml.pre}
 * @param addsSpace whether a space is put before a text
 */
record PreTokenizerForm(String name, boolean addsSpace) {
  /**
   * Finds the name.
   *
   * @param root of the tokenizer.json
   * @throws BadInputException if there is none, naming the kind
   */
  static PreTokenizerForm of(Path file, JsonNode root) {
    JsonNode model = root.path("model");
    String type = model.path("type").asString("");
    List<String> steps = steps(root.path("pre_tokenizer"));
    if (!type.equals("BPE") || steps.stream().noneMatch(step -> step.startsWith("ByteLevel"))) {
      throw new BadInputException(
          file,
          "a tokenizer of kind '%s' cannot be put into GGUF here: expected byte-level BPE"
              .formatted(type));
    }
    boolean ignoresMerges = model.path("ignore_merges").asBoolean(false);
    List<String> normalizer = steps(root.path("normalizer"));
    JsonMapper json = JsonMapper.shared();
    for (PreTokenization known : PreTokenization.values()) {
      List<String> composed =
          known.normalizer().map(n -> steps(json.valueToTree(n))).orElse(List.of());
      for (boolean addsSpace : new boolean[] {false, true}) {
        if (ignoresMerges == known.ignoresMerges()
            && normalizer.equals(composed)
            && steps.equals(steps(json.valueToTree(known.json(addsSpace))))) {
          return new PreTokenizerForm(known.fileName(), addsSpace);
        }
      }
    }
    throw new BadInputException(
        file,
        "GGUF has no name that is known here for how this tokenizer cuts texts (pre_tokenizer %s, normalizer %s, ignore_merges %s)"
            .formatted(steps, normalizer, ignoresMerges));
  }

  /** What a node does, one text for each step; settings without effect are left out. */
  private static List<String> steps(JsonNode node) {
    List<String> steps = new ArrayList<>();
    switch (node.path("type").asString("")) {
      case "" -> {}
      case "Sequence" -> {
        node.path("pretokenizers").forEach(step -> steps.addAll(steps(step)));
        node.path("normalizers").forEach(step -> steps.addAll(steps(step)));
      }
      case "Digits" ->
          steps.add(
              node.path("individual_digits").asBoolean(false) ? split("\\p{N}") : node.toString());
      case "Split" -> {
        boolean plain =
            node.path("behavior").asString("").equals("Isolated")
                && !node.path("invert").asBoolean(false)
                && node.path("pattern").has("Regex");
        steps.add(plain ? split(node.path("pattern").path("Regex").asString()) : node.toString());
      }
      case "ByteLevel" ->
          steps.add(
              "ByteLevel space %s words %s"
                  .formatted(
                      node.path("add_prefix_space").asBoolean(true),
                      node.path("use_regex").asBoolean(true)));
      default -> steps.add(node.toString());
    }
    return steps;
  }

  private static String split(String pattern) {
    return "Split " + pattern;
  }
}
