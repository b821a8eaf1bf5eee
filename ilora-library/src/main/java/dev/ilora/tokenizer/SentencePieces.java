package dev.ilora.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pieces of a sentencepiece byte-pair model, as the tokenizer.json that encodes the same. The
 * pieces' scores order the merges.
 *
 * @param pieces by id
 * @param addsSpace whether a space is put before a text
 */
record SentencePieces(List<Piece> pieces, boolean addsSpace) {
  static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  /**
   * A piece.
   *
   * @param type as sentencepiece numbers them
   * @param takesSpaces whether an added token takes the spaces after it
   */
  record Piece(String text, float score, int type, boolean takesSpaces) {
    Piece(String text, float score, int type) {
      this(text, score, type, false);
    }
  }

  private record Merge(String left, String right, float score) {}

  private static final Comparator<Merge> ORDER =
      Comparator.comparingDouble(Merge::score)
          .thenComparingInt(merge -> merge.left.codePointCount(0, merge.left.length()))
          .thenComparingInt(merge -> merge.right.codePointCount(0, merge.right.length()))
          .reversed();

  /** The content of the file. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("added_tokens", added(pieces));
    List<Object> normalizers = new ArrayList<>();
    if (addsSpace) {
      normalizers.add(Map.of("type", "Prepend", "prepend", "▁"));
    }
    normalizers.add(replace(" ", "▁"));
    json.put("normalizer", Map.of("type", "Sequence", "normalizers", normalizers));
    json.put(
        "decoder",
        Map.of(
            "type",
            "Sequence",
            "decoders",
            List.of(replace("▁", " "), Map.of("type", "ByteFallback"), Map.of("type", "Fuse"))));
    json.put("model", model());
    return json;
  }

  private static Map<String, Object> replace(String from, String to) {
    return Map.of("type", "Replace", "pattern", Map.of("String", from), "content", to);
  }

  /** The pieces that are found in a text before it is encoded, as added tokens. */
  static List<Map<String, Object>> added(List<Piece> pieces) {
    List<Map<String, Object>> added = new ArrayList<>();
    for (int id = 0; id < pieces.size(); id++) {
      Piece piece = pieces.get(id);
      if (piece.type == UNKNOWN || piece.type == CONTROL || piece.type == USER_DEFINED) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("id", id);
        token.put("content", piece.text);
        for (String no : List.of("single_word", "lstrip", "normalized")) {
          token.put(no, false);
        }
        token.put("rstrip", piece.takesSpaces);
        token.put("special", piece.type != USER_DEFINED);
        added.add(token);
      }
    }
    return added;
  }

  /** The id of every piece; the first where a text stands twice. */
  static Map<String, Integer> vocabulary(List<Piece> pieces) {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (int id = 0; id < pieces.size(); id++) {
      vocabulary.putIfAbsent(pieces.get(id).text, id);
    }
    return vocabulary;
  }

  private Map<String, Object> model() {
    Map<String, Integer> vocabulary = vocabulary(pieces);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put(
        "unk_token",
        pieces.stream().filter(p -> p.type == UNKNOWN).map(Piece::text).findFirst().orElse(null));
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    model.put("vocab", vocabulary);
    model.put("merges", merges(vocabulary));
    return model;
  }

  private List<List<String>> merges(Map<String, Integer> vocabulary) {
    List<Merge> merges = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.type != NORMAL) {
        continue;
      }
      String text = piece.text;
      for (int cut = 1; cut < text.length(); cut++) {
        String left = text.substring(0, cut);
        String right = text.substring(cut);
        if (vocabulary.containsKey(left) && vocabulary.containsKey(right)) {
          merges.add(new Merge(left, right, piece.score));
        }
      }
    }
    merges.sort(ORDER);
    return merges.stream().map(merge -> List.of(merge.left, merge.right)).toList();
  }
}
