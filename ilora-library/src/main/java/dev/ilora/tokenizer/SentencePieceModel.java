package dev.ilora.tokenizer;

import dev.ilora.BadInputException;
import dev.ilora.tokenizer.SentencePieces.Piece;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A sentencepiece byte-pair model, the {@code tokenizer.model} of Llama 2, as the tokenizer.json
 * that encodes the same.
 *
 * <p>Source of the layout: sentencepiece_model.proto (pieces: field 1; trainer: 2, its model type:
 * 3; normaliser: 3, its name: 1, its space before a text: 3, its removal of spaces: 4).
 */
final class SentencePieceModel {
  private static final int BYTE_PAIR = 2;

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
    int type = SentencePieces.NORMAL;
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
    return new SentencePieces(pieces, addsSpace).json();
  }
}
