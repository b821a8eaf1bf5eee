package dev.ilora.tokenizer;

import dev.ilora.files.WholeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import tools.jackson.databind.json.JsonMapper;

/**
 * Learns a byte-level byte-pair tokenizer and writes it as a Hugging Face {@code tokenizer.json}.
 *
 * <p>Ids: 0 {@code <pad>}, 1 {@code <s>}, 2 {@code </s>}, 3 {@code <slot>}, 4 to 259 the bytes in
 * order, then one id a merge. Any text can be encoded and decoded back. The same lines in the same
 * order give the same file; the most frequent pair is merged first, and of equally frequent ones
 * that with the smaller left, then right id.
 *
 * <p>Source: Sennrich et al., arXiv:1508.07909, on the bytes and pieces of GPT-2.
 */
public final class BpeTrainer {
  private static final List<String> SPECIAL =
      List.of(SpecialTokens.PAD, SpecialTokens.BOS, SpecialTokens.EOS, SpecialTokens.SLOT);

  /** The smallest vocabulary: special tokens and bytes, no merge. */
  public static final int SMALLEST_VOCABULARY = SPECIAL.size() + ByteAlphabet.SIZE;

  private BpeTrainer() {}

  /**
   * Trains on lines of text and writes the tokenizer, and the {@code tokenizer_config.json} that
   * names its special tokens, into one folder.
   *
   * @param lines the text; a line given twice counts twice
   * @param vocabularySize how many tokens to have, special ones and bytes included
   * @param tokenizerJson the file to write; its folder is made where missing
   * @return the tokens there are: {@code vocabularySize}, or fewer where the text holds no further
   *     pair to merge
   * @throws IllegalArgumentException if {@code vocabularySize} is below {@link
   *     #SMALLEST_VOCABULARY}
   * @throws java.io.UncheckedIOException if a file cannot be written; then a former tokenizer.json
   *     stays
   */
  public static int train(Iterable<String> lines, int vocabularySize, Path tokenizerJson) {
    if (vocabularySize < SMALLEST_VOCABULARY) {
      throw new IllegalArgumentException(
          "expected a vocabulary of at least %s tokens (%s special, %s bytes), got %s"
              .formatted(SMALLEST_VOCABULARY, SPECIAL.size(), ByteAlphabet.SIZE, vocabularySize));
    }
    Map<String, Integer> vocabulary = firstTokens();
    List<String> tokens = new ArrayList<>(vocabulary.keySet());
    List<String> merges = new ArrayList<>();
    PairMerger merger = new PairMerger(countPieces(lines));
    while (tokens.size() < vocabularySize && merger.next()) {
      String left = tokens.get(merger.left());
      String right = tokens.get(merger.right());
      Integer known = vocabulary.putIfAbsent(left + right, tokens.size());
      merger.merge(known == null ? tokens.size() : known);
      if (known == null) {
        tokens.add(left + right);
      }
      merges.add(left + " " + right);
    }
    write(tokenizerJson, vocabulary, merges);
    return tokens.size();
  }

  private static Map<String, Integer> firstTokens() {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    SPECIAL.forEach(token -> vocabulary.put(token, vocabulary.size()));
    for (int value = 0; value < ByteAlphabet.SIZE; value++) {
      vocabulary.put(String.valueOf(ByteAlphabet.character(value)), byteToken(value));
    }
    return vocabulary;
  }

  private static Map<String, Integer> countPieces(Iterable<String> lines) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String line : lines) {
      Matcher piece = ByteAlphabet.PIECES.matcher(line);
      while (piece.find()) {
        counts.merge(piece.group(), 1, Integer::sum);
      }
    }
    return counts;
  }

  static int byteToken(int value) {
    return SPECIAL.size() + value;
  }

  private static void write(Path file, Map<String, Integer> vocabulary, List<String> merges) {
    JsonMapper json = JsonMapper.builder().build();
    WholeFile.write(
        file.resolveSibling("tokenizer_config.json"), json.writeValueAsBytes(configuration()));
    WholeFile.write(file, json.writeValueAsBytes(tokenizer(vocabulary, merges)));
  }

  private static Map<String, Object> configuration() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tokenizer_class", "PreTrainedTokenizerFast");
    json.put("bos_token", SpecialTokens.BOS);
    json.put("eos_token", SpecialTokens.EOS);
    json.put("pad_token", SpecialTokens.PAD);
    json.put("clean_up_tokenization_spaces", false);
    return json;
  }

  private static Map<String, Object> tokenizer(
      Map<String, Integer> vocabulary, List<String> merges) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("truncation", null);
    json.put("padding", null);
    json.put("added_tokens", SPECIAL.stream().map(BpeTrainer::added).toList());
    json.put("normalizer", null);
    json.put("pre_tokenizer", byteLevel());
    json.put("post_processor", null);
    json.put("decoder", byteLevel());
    json.put("model", model(vocabulary, merges));
    return json;
  }

  private static Map<String, Object> added(String token) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", SPECIAL.indexOf(token));
    json.put("content", token);
    for (String no : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      json.put(no, false);
    }
    json.put("special", true);
    return json;
  }

  private static Map<String, Object> byteLevel() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", "ByteLevel");
    json.put("add_prefix_space", false);
    json.put("trim_offsets", true);
    json.put("use_regex", true);
    return json;
  }

  private static Map<String, Object> model(Map<String, Integer> vocabulary, List<String> merges) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", "BPE");
    json.put("dropout", null);
    json.put("unk_token", null);
    json.put("continuing_subword_prefix", null);
    json.put("end_of_word_suffix", null);
    json.put("fuse_unk", false);
    json.put("byte_fallback", false);
    json.put("vocab", vocabulary);
    json.put("merges", merges);
    return json;
  }
}
