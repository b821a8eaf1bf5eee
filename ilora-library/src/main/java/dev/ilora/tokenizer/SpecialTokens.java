package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The ids with a meaning of their own, and the size of the vocabulary they belong to; -1 where a
 * tokenizer has none.
 *
 * @param file the tokenizer's
 * @param addsBos whether {@code tokenizer_config.json} says that texts begin with bos; empty where
 *     it says nothing
 * @param specials ids of the tokens that are never text
 */
record SpecialTokens(
    Path file,
    int vocabularySize,
    int bos,
    int eos,
    int pad,
    int slot,
    Optional<Boolean> addsBos,
    Map<String, Integer> specials) {
  static final String PAD = "<pad>";
  static final String BOS = "<s>";
  static final String EOS = "</s>";
  static final String SLOT = "<slot>";

  private static final List<String> BOS_NAMES =
      List.of(BOS, "<|begin_of_text|>", "<|startoftext|>", "<bos>", "[BOS]");
  private static final List<String> EOS_NAMES =
      List.of(EOS, "<|end_of_text|>", "<|endoftext|>", "<eos>", "[EOS]", "<|im_end|>");
  private static final List<String> PAD_NAMES =
      List.of(PAD, "[PAD]", "<|finetune_right_pad_id|>", "<|pad|>");
  private static final List<String> UNKNOWN_NAMES = List.of("<unk>", "[UNK]");

  /**
   * Finds them in a tokenizer.json and what is said beside it.
   *
   * @throws BadInputException if a configuration names a token that the vocabulary lacks
   */
  static SpecialTokens of(TokenizerFile tokenizer, SpecialNames named) {
    Path file = tokenizer.path();
    Map<String, Integer> ids = tokenizer.ids();
    int bos = id(file, "bos_token", named, ids, BOS_NAMES);
    int eos = id(file, "eos_token", named, ids, EOS_NAMES);
    int ownPad = id(file, "pad_token", named, ids, PAD_NAMES);
    int pad = ownPad >= 0 ? ownPad : Math.max(eos, 0);
    int unknown = id(file, "unk_token", named, ids, UNKNOWN_NAMES);
    int slot = ids.getOrDefault(SLOT, unknown >= 0 ? unknown : pad);
    for (int special : new int[] {bos, eos, pad, slot}) {
      if (special >= tokenizer.size()) {
        throw new BadInputException(
            file,
            "the configuration beside it names token %s, but the vocabulary holds %s"
                .formatted(special, tokenizer.size()));
      }
    }
    return new SpecialTokens(
        file,
        tokenizer.size(),
        bos,
        eos,
        pad,
        slot,
        addsBos(named, bos),
        Map.copyOf(tokenizer.specials()));
  }

  private static Optional<Boolean> addsBos(SpecialNames named, int bos) {
    JsonNode adds = named.settings().getFirst().path("add_bos_token");
    if (adds.isMissingNode() || adds.isNull()) {
      return Optional.empty();
    }
    if (!adds.isBoolean()) {
      throw new BadInputException(
          named.configurationFile(), "add_bos_token: expected true or false, got " + adds);
    }
    if (adds.asBoolean() && bos < 0) {
      throw new BadInputException(
          named.configurationFile(),
          "add_bos_token is true, but there is no bos_token: name one, or set it to false");
    }
    return Optional.of(adds.asBoolean());
  }

  /**
   * The ids that a text begins with.
   *
   * <p>{@code add_bos_token} decides; else the post-processor of the tokenizer.json. Files with
   * neither, such as those made here, mean a text to begin with the bos token they name.
   *
   * @param processed what the post-processor puts before a text; empty where there is none
   */
  int[] beginning(Optional<int[]> processed) {
    int[] own = bos < 0 ? new int[0] : new int[] {bos};
    int[] given = processed.orElse(own);
    if (addsBos.isEmpty()) {
      return given;
    }
    boolean has = Arrays.stream(given).anyMatch(id -> id == bos);
    if (addsBos.get()) {
      return has ? given : TokenList.joined(own, given);
    }
    return Arrays.stream(given).filter(id -> id != bos).toArray();
  }

  private static int id(
      Path file, String role, SpecialNames named, Map<String, Integer> ids, List<String> names) {
    Optional<String> token = named.token(role);
    if (token.isPresent()) {
      String text = token.get();
      if (!text.isEmpty() && !ids.containsKey(text)) {
        throw new BadInputException(
            named.file(role),
            "%s '%s' is not in the vocabulary of %s: name one of its tokens, or null"
                .formatted(role, text, file.getFileName()));
      }
      return ids.getOrDefault(text, -1);
    }
    for (JsonNode setting : named.settings()) {
      JsonNode id = setting.path(role + "_id");
      JsonNode first = id.isArray() ? id.path(0) : id;
      if (first.isInt()) {
        return first.asInt();
      }
    }
    return names.stream().filter(ids::containsKey).map(ids::get).findFirst().orElse(-1);
  }

  /** Returns what matches the special tokens where a text spells them, longest first. */
  Pattern pattern() {
    String any =
        specials.keySet().stream()
            .filter(token -> token.codePointCount(0, token.length()) > 1)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Pattern.compile(any.isEmpty() ? "(?!)" : any);
  }
}
