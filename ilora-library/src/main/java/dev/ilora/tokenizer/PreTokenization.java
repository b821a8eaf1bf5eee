package dev.ilora.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How byte-level tokenizers cut a text before they merge bytes, by the name that {@code
 * tokenizer.ggml.pre} has for it: the one place to add another.
 *
 * <p>Source: the tokenizer.json files of the models' authors, and llama-vocab.cpp of llama.cpp.
 */
enum PreTokenization {
  /** Words with the space before them. */
  GPT2(List.of("gpt-2", "gpt2", "phi-2", "olmo"), List.of(), true, false, false),

  /** What llama.cpp does where no other is known: punctuation apart, digits by three. */
  DEFAULT(
      List.of("default"),
      List.of(
          "[\\p{P}\\$\\+<=>\\^~\\|]+",
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)",
          "\\p{N}+",
          "[0-9][0-9][0-9]"),
      false,
      false,
      false),

  /** As GPT-2, with every digit by itself. */
  SMOLLM(
      List.of("smollm", "starcoder", "refact", "codeshell"), List.of("\\p{N}"), true, false, false),

  /** Llama 3: up to three digits; a word that is a token is not merged; texts begin with bos. */
  LLAMA3(
      List.of("llama-bpe", "llama3", "llama-v3"),
      List.of(words("\\p{N}{1,3}")),
      false,
      true,
      false),

  /** Cut as Llama 3, and merged always: what SmolLM 3's files say. */
  SMAUG(List.of("smaug-bpe"), List.of(words("\\p{N}{1,3}")), false, false, false),

  /** Qwen 2: as Llama 3, with every digit by itself, on composed characters. */
  QWEN2(List.of("qwen2", "deepseek-r1-qwen"), List.of(words("\\p{N}")), false, false, true);

  private final List<String> names;
  private final List<String> splits;
  private final boolean words;
  private final boolean llama3;
  private final boolean composed;

  /**
   * @param splits what is cut out of a text, one after another
   * @param words whether GPT-2's words are cut out in the end
   * @param llama3 whether words that are tokens are not merged, and bos is the rule
   * @param composed whether characters are composed first (NFC)
   */
  PreTokenization(
      List<String> names, List<String> splits, boolean words, boolean llama3, boolean composed) {
    this.names = names;
    this.splits = splits;
    this.words = words;
    this.llama3 = llama3;
    this.composed = composed;
  }

  private static String words(String digits) {
    return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
        + digits
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }

  /** The one of a name, if it is known. */
  static Optional<PreTokenization> of(String name) {
    return Arrays.stream(values()).filter(one -> one.names.contains(name)).findFirst();
  }

  /** The name that is written into files. */
  String fileName() {
    return names.getFirst();
  }

  /** All names, for messages. */
  static String expected() {
    return Arrays.stream(values())
        .flatMap(one -> one.names.stream())
        .collect(Collectors.joining(", "));
  }

  /** Whether a word that is a token is taken whole, whatever the merges. */
  boolean ignoresMerges() {
    return llama3;
  }

  /** Whether texts begin with the bos token where a file does not say. */
  boolean addsBos() {
    return llama3;
  }

  /** The normalizer of a tokenizer.json; empty where there is none. */
  Optional<Map<String, Object>> normalizer() {
    return composed ? Optional.of(Map.of("type", "NFC")) : Optional.empty();
  }

  /** The pre_tokenizer of a tokenizer.json. */
  Map<String, Object> json(boolean addsSpace) {
    List<Object> steps = new ArrayList<>();
    for (String split : splits) {
      steps.add(
          Map.of(
              "type",
              "Split",
              "pattern",
              Map.of("Regex", split),
              "behavior",
              "Isolated",
              "invert",
              false));
    }
    steps.add(byteLevel(addsSpace, words));
    return Map.of("type", "Sequence", "pretokenizers", steps);
  }

  /** Bytes as characters, with or without cutting at words. */
  static Map<String, Object> byteLevel(boolean addsSpace, boolean words) {
    return Map.of(
        "type",
        "ByteLevel",
        "add_prefix_space",
        addsSpace,
        "trim_offsets",
        true,
        "use_regex",
        words);
  }
}
