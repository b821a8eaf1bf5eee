package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A sentencepiece byte-pair model, the {@code tokenizer.model} of Llama 2, as the tokenizer.json
 * that encodes the same.
 *
 * <p>The pieces' scores order the merges.
 *
 * <p>Source of the layout: sentencepiece_model.proto (pieces: field 1; trainer: 2, its model type:
 * 3; normaliser: 3, its name: 1, its space before a text: 3, its removal of spaces: 4).
 */
final class SentencePieceModel {
  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int BYTE_PAIR = 2;

  private record Piece(String text, float score, int type) {}

  private record Merge(String left, String right, float score) {}

  private static final Comparator<Merge> ORDER =
      Comparator.comparingDouble(Merge::score)
          .thenComparingInt(merge -> merge.left.codePointCount(0, merge.left.length()))
          .thenComparingInt(merge -> merge.right.codePointCount(0, merge.right.length()))
          .reversed();

  private final Path file;
  private final List<Piece> pieces = new ArrayList<>();
  private int modelType = 1;
  private String normalizer = "";
  private boolean removesSpaces = true;
  private boolean addsSpace = true;

  private SentencePieceModel(Path file) {
    this.file = file;
  }

  /**
   * Reads a model and returns the content of the tokenizer.json.
   *
   * @throws BadInputException if the file is not a byte-pair model without normalisation
   */
  static Map<String, Object> tokenizerJson(Path file, byte[] content) {
    SentencePieceModel model = new SentencePieceModel(file);
    try {
      model.readModel(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      model.pieces.clear();
    }
    return model.json();
  }

  private BadInputException refusal(String reason) {
    return new BadInputException(
        file,
        reason
            + "; convert it with Hugging Face transformers:"
            + " AutoTokenizer.from_pretrained(FOLDER, use_fast=True).save_pretrained(FOLDER)");
  }

  private void readModel(ByteBuffer in) {
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      if (key >>> 3 == 1) {
        pieces.add(readPiece(message(in, key)));
      } else if (key >>> 3 == 2) {
        readTrainer(message(in, key));
      } else if (key >>> 3 == 3) {
        readNormalizer(message(in, key));
      } else {
        skip(in, key);
      }
    }
  }

  private static Piece readPiece(ByteBuffer in) {
    String text = "";
    float score = 0;
    int type = NORMAL;
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      switch (key) {
        case 1 << 3 | 2 -> text = text(message(in, key));
        case 2 << 3 | 5 -> score = in.getFloat();
        case 3 << 3 -> type = (int) varint(in);
        default -> skip(in, key);
      }
    }
    return new Piece(text, score, type);
  }

  private void readTrainer(ByteBuffer in) {
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      if (key == 3 << 3) {
        modelType = (int) varint(in);
      } else {
        skip(in, key);
      }
    }
  }

  private void readNormalizer(ByteBuffer in) {
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      switch (key) {
        case 1 << 3 | 2 -> normalizer = text(message(in, key));
        case 3 << 3 -> addsSpace = varint(in) != 0;
        case 4 << 3 -> removesSpaces = varint(in) != 0;
        default -> skip(in, key);
      }
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte part = in.get();
      value |= (long) (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }

  private static ByteBuffer message(ByteBuffer in, int key) {
    long length = varint(in);
    if ((key & 7) != 2 || length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer message = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + (int) length);
    return message;
  }

  private static String text(ByteBuffer in) {
    return StandardCharsets.UTF_8.decode(in).toString();
  }

  private static void skip(ByteBuffer in, int key) {
    switch (key & 7) {
      case 0 -> varint(in);
      case 1 -> in.getLong();
      case 2 -> message(in, key);
      case 5 -> in.getInt();
      default -> throw new IllegalArgumentException("wire type " + (key & 7));
    }
  }

  private Map<String, Object> json() {
    if (pieces.isEmpty()) {
      throw refusal("is not a sentencepiece model, or is cut short");
    }
    if (modelType != BYTE_PAIR) {
      throw refusal("is a sentencepiece model, but not of byte pairs");
    }
    if (!normalizer.equals("identity") || removesSpaces) {
      throw refusal("normalises text ('%s'), which is not supported".formatted(normalizer));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("added_tokens", added());
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

  private List<Map<String, Object>> added() {
    List<Map<String, Object>> added = new ArrayList<>();
    for (int id = 0; id < pieces.size(); id++) {
      Piece piece = pieces.get(id);
      if (piece.type == UNKNOWN || piece.type == CONTROL || piece.type == USER_DEFINED) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("id", id);
        token.put("content", piece.text);
        for (String no : List.of("single_word", "lstrip", "rstrip", "normalized")) {
          token.put(no, false);
        }
        token.put("special", piece.type != USER_DEFINED);
        added.add(token);
      }
    }
    return added;
  }

  private Map<String, Object> model() {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (int id = 0; id < pieces.size(); id++) {
      vocabulary.putIfAbsent(pieces.get(id).text, id);
    }
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
