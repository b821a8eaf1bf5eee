package dev.ilora.inspect;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Logits of another program: a batch of token ids, right-padded, the real tokens of each row, and
 * the scores of every token after each position. What stands at padding is not looked at.
 *
 * @param ids I64, (rows, length)
 * @param lengths real tokens of each row
 * @param logits (rows, length, vocabulary)
 */
record ExpectedLogits(Tensor ids, int[] lengths, Tensor logits) {
  private static final String IDS = "input_ids";
  private static final String LENGTHS = "lengths";
  private static final String LOGITS = "logits";

  /**
   * Reads a safetensors file.
   *
   * @param vocabulary tokens of the model
   * @throws BadInputException if a tensor is missing, of another type or shape, or holds an id or a
   *     length that cannot be
   */
  static ExpectedLogits read(Path file, int vocabulary) {
    try (SafeTensors stored = SafeTensors.open(file)) {
      for (String name : new String[] {IDS, LENGTHS, LOGITS}) {
        requireIn(stored, name);
      }
      requireTypes(stored);
      requireShapes(stored, vocabulary);
      Tensor ids = stored.load(IDS).to(DType.I64);
      int[] lengths = lengths(stored, ids.size(1));
      requireTokens(file, ids, lengths, vocabulary);
      return new ExpectedLogits(ids, lengths, stored.load(LOGITS));
    }
  }

  private static void requireIn(SafeTensors stored, String name) {
    if (!stored.names().contains(name)) {
      throw new BadInputException(
          stored.path(),
          "has no tensor '%s': expected %s [rows, length], %s [rows] and %s [rows, length, vocabulary], found %s"
              .formatted(
                  name,
                  IDS,
                  LENGTHS,
                  LOGITS,
                  stored.names().isEmpty() ? "no tensor" : String.join(", ", stored.names())));
    }
  }

  private static void requireTypes(SafeTensors stored) {
    for (String name : new String[] {IDS, LENGTHS}) {
      switch (stored.dtype(name)) {
        case I64, I32 -> {}
        case F32, F64, F16, BF16, I16, U8, BOOL ->
            throw wrong(stored.path(), name, "I64 or I32", stored.dtype(name));
      }
    }
    if (!stored.dtype(LOGITS).isFloating()) {
      throw wrong(stored.path(), LOGITS, "a floating type", stored.dtype(LOGITS));
    }
  }

  private static void requireShapes(SafeTensors stored, int vocabulary) {
    Path file = stored.path();
    long[] ids = stored.shape(IDS);
    if (ids.length != 2 || ids[0] < 1 || ids[1] < 1) {
      throw wrong(file, IDS, "a shape [rows, length] of at least 1", Arrays.toString(ids));
    }
    requireShape(stored, LENGTHS, "one length for each row", ids[0]);
    requireShape(
        stored, LOGITS, "rows, length and the model's vocabulary", ids[0], ids[1], vocabulary);
  }

  private static void requireShape(SafeTensors stored, String name, String why, long... shape) {
    long[] found = stored.shape(name);
    if (!Arrays.equals(found, shape)) {
      String expected = "shape %s (%s)".formatted(Arrays.toString(shape), why);
      throw wrong(stored.path(), name, expected, Arrays.toString(found));
    }
  }

  private static int[] lengths(SafeTensors stored, long longest) {
    long[] lengths = stored.load(LENGTHS).toLongs();
    for (int row = 0; row < lengths.length; row++) {
      if (lengths[row] < 1 || lengths[row] > longest) {
        String expected = "1 to %s in row %s".formatted(longest, row);
        throw wrong(stored.path(), LENGTHS, expected, lengths[row]);
      }
    }
    return Arrays.stream(lengths).mapToInt(Math::toIntExact).toArray();
  }

  private static void requireTokens(Path file, Tensor ids, int[] lengths, int vocabulary) {
    long[] tokens = ids.toLongs();
    int length = (int) ids.size(1);
    for (int row = 0; row < lengths.length; row++) {
      for (int position = 0; position < lengths[row]; position++) {
        long token = tokens[row * length + position];
        if (token < 0 || token >= vocabulary) {
          String expected =
              "a token from 0 to %s in row %s, position %s"
                  .formatted(vocabulary - 1, row, position);
          throw wrong(file, IDS, expected, token);
        }
      }
    }
  }

  private static BadInputException wrong(Path file, String name, String expected, Object found) {
    return new BadInputException(
        file, "tensor '%s': expected %s, got %s".formatted(name, expected, found));
  }
}
