package dev.ilora.data.ingest;

import dev.ilora.data.Part;
import dev.ilora.data.UserSequence;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The part of each interaction of a log, where its source comes split. */
final class PartColumn {
  private static final List<String> VALID = List.of("valid", "validation", "val", "dev");

  private byte[] parts = new byte[1 << 10];
  private int size;

  /** Adds the part of the next interaction. */
  void add(Part part) {
    if (size == parts.length) {
      parts = Arrays.copyOf(parts, 2 * size);
    }
    parts[size++] = (byte) part.ordinal();
  }

  /** The number by which interactions are put in order: training first, test last. */
  long order(int interaction) {
    return parts[interaction];
  }

  /** The parts of a sequence, as its {@link UserSequence#SPLIT} attribute holds them. */
  String attribute(int[] interactions) {
    int[] counts = new int[Part.values().length];
    for (int i : interactions) {
      counts[parts[i]]++;
    }
    for (Part part : Part.values()) {
      if (counts[part.ordinal()] == interactions.length) {
        return part.fileName();
      }
    }
    return UserSequence.split(counts[0], counts[1], counts[2]);
  }

  /**
   * Reads a part.
   *
   * @throws IllegalArgumentException for another word
   */
  static Part parse(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (VALID.contains(word)) {
      return Part.VALID;
    }
    return switch (word) {
      case "train", "training" -> Part.TRAIN;
      case "test", "testing" -> Part.TEST;
      default ->
          throw new IllegalArgumentException(
              "'%s' is not a part; expected train, valid or test".formatted(text));
    };
  }
}
