package dev.ilora.hybrid;

import dev.ilora.prompt.Prompt;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prompts and what follows them, right-padded to one length, with the places where embeddings go.
 *
 * <p>B sequences, T tokens of the longest or a few more. The first vectors of the places are the
 * learned ones that all prompts have, the next S the items of {@link #items}, the next B the users'
 * sequence embeddings.
 */
final class TokenBatch {
  private final int rows;
  private final int length;
  private final int[] promptLengths;
  private final int[] lengths;
  private final long[] ids;
  private final int[] items;
  private final EmbeddingPlaces places;
  private final int virtual;
  private boolean users;

  private TokenBatch(List<Prompt> prompts, List<int[]> following, int multiple) {
    rows = prompts.size();
    promptLengths = prompts.stream().mapToInt(Prompt::length).toArray();
    lengths = new int[rows];
    Arrays.setAll(lengths, b -> promptLengths[b] + following.get(b).length);
    int longest = Arrays.stream(lengths).max().orElse(0);
    length = Math.ceilDiv(longest, multiple) * multiple;
    ids = new long[rows * length];
    places = new EmbeddingPlaces(rows, length);
    virtual = (int) Arrays.stream(prompts.getFirst().slotItems()).filter(Prompt::isVirtual).count();
    Map<Integer, Integer> vectorOfItem = vectorOfItem(prompts);
    items = vectorOfItem.keySet().stream().mapToInt(Integer::intValue).toArray();
    for (int b = 0; b < rows; b++) {
      Prompt prompt = prompts.get(b);
      write(prompt.tokens(), b * length);
      write(following.get(b), b * length + prompt.length());
      place(prompt, b, vectorOfItem);
    }
  }

  /**
   * @param prompts one a sequence
   * @param following tokens after each prompt, may be empty
   * @param multiple what T is rounded up to
   */
  static TokenBatch of(List<Prompt> prompts, List<int[]> following, int multiple) {
    return new TokenBatch(prompts, following, multiple);
  }

  /** Prompts that nothing follows. */
  static TokenBatch of(List<Prompt> prompts) {
    return of(prompts, prompts.stream().map(_ -> new int[0]).toList(), 1);
  }

  private static Map<Integer, Integer> vectorOfItem(List<Prompt> prompts) {
    Map<Integer, Integer> vectorOfItem = new LinkedHashMap<>();
    for (Prompt prompt : prompts) {
      for (int item : prompt.slotItems()) {
        if (item >= 0) {
          vectorOfItem.putIfAbsent(item, vectorOfItem.size());
        }
      }
    }
    return vectorOfItem;
  }

  private void write(int[] tokens, int from) {
    for (int t = 0; t < tokens.length; t++) {
      ids[from + t] = tokens[t];
    }
  }

  private void place(Prompt prompt, int row, Map<Integer, Integer> vectorOfItem) {
    for (int s = 0; s < prompt.slotPositions().length; s++) {
      int item = prompt.slotItems()[s];
      boolean user = item == Prompt.USER;
      users |= user;
      int vector =
          Prompt.isVirtual(item)
              ? Prompt.virtualNumber(item)
              : virtual + (user ? items.length + row : vectorOfItem.get(item));
      places.put(row, prompt.slotPositions()[s], vector, prompt.slotAdds()[s]);
    }
  }

  int rows() {
    return rows;
  }

  int length() {
    return length;
  }

  int[] lengths() {
    return lengths;
  }

  /** Tokens of each prompt alone: what a gate may look at, whatever follows. */
  int[] promptLengths() {
    return promptLengths;
  }

  /** Tokens that are not padding. */
  long tokens() {
    return Arrays.stream(lengths).asLongStream().sum();
  }

  /** Token ids, (B, T), 0 where padded. */
  Tensor ids(Device device) {
    return Tensor.of(ids, rows, length).to(device);
  }

  /** Where embeddings go. */
  EmbeddingPlaces places() {
    return places;
  }

  /** Whether a place holds a user's embedding. */
  boolean hasUsers() {
    return users;
  }

  /** The distinct items whose embeddings are placed, S of them. */
  int[] items() {
    return items;
  }

  /** Flat positions b·T + t as a tensor. */
  Tensor positions(List<int[]> perRow, Device device) {
    List<Long> flat = new ArrayList<>();
    for (int b = 0; b < rows; b++) {
      for (int t : perRow.get(b)) {
        flat.add((long) b * length + t);
      }
    }
    return Tensor.of(flat.stream().mapToLong(Long::longValue).toArray(), flat.size()).to(device);
  }
}
