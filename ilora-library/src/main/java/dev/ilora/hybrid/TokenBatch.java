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
 * <p>B sequences, T tokens of the longest or a few more. A place refers to a row of the table of
 * embeddings that the model makes for the batch: row 0 is zero, rows 1..S the items of {@link
 * #items}, the next B rows the users' sequence embeddings.
 */
final class TokenBatch {
  private final int rows;
  private final int length;
  private final int[] promptLengths;
  private final int[] lengths;
  private final long[] ids;
  private final long[] tableRows;
  private final float[] keep;
  private final int[] items;
  private final boolean users;
  private final boolean replaces;

  private TokenBatch(
      int rows,
      int length,
      int[] promptLengths,
      int[] lengths,
      long[] ids,
      long[] tableRows,
      float[] keep,
      int[] items,
      boolean users,
      boolean replaces) {
    this.rows = rows;
    this.length = length;
    this.promptLengths = promptLengths;
    this.lengths = lengths;
    this.ids = ids;
    this.tableRows = tableRows;
    this.keep = keep;
    this.items = items;
    this.users = users;
    this.replaces = replaces;
  }

  /**
   * @param prompts one a sequence
   * @param following tokens after each prompt, may be empty
   */
  static TokenBatch of(List<Prompt> prompts, List<int[]> following) {
    return of(prompts, following, 1);
  }

  /**
   * @param multiple what T is rounded up to
   */
  static TokenBatch of(List<Prompt> prompts, List<int[]> following, int multiple) {
    int rows = prompts.size();
    int[] lengths = new int[rows];
    for (int b = 0; b < rows; b++) {
      lengths[b] = prompts.get(b).length() + following.get(b).length;
    }
    int longest = Arrays.stream(lengths).max().orElse(0);
    int length = Math.ceilDiv(longest, multiple) * multiple;
    long[] ids = new long[rows * length];
    long[] tableRows = new long[rows * length];
    float[] keep = new float[rows * length];
    Arrays.fill(keep, 1);
    Map<Integer, Integer> rowOfItem = itemRows(prompts);
    boolean users = false;
    boolean replaces = false;
    for (int b = 0; b < rows; b++) {
      Prompt prompt = prompts.get(b);
      int start = b * length;
      for (int t = 0; t < prompt.length(); t++) {
        ids[start + t] = prompt.tokens()[t];
      }
      for (int t = 0; t < following.get(b).length; t++) {
        ids[start + prompt.length() + t] = following.get(b)[t];
      }
      for (int s = 0; s < prompt.slotPositions().length; s++) {
        int at = start + prompt.slotPositions()[s];
        int item = prompt.slotItems()[s];
        users |= item == Prompt.USER;
        tableRows[at] = item == Prompt.USER ? 1 + rowOfItem.size() + b : rowOfItem.get(item);
        if (!prompt.slotAdds()[s]) {
          keep[at] = 0;
          replaces = true;
        }
      }
    }
    int[] items = rowOfItem.keySet().stream().mapToInt(Integer::intValue).toArray();
    int[] promptLengths = prompts.stream().mapToInt(Prompt::length).toArray();
    return new TokenBatch(
        rows, length, promptLengths, lengths, ids, tableRows, keep, items, users, replaces);
  }

  private static Map<Integer, Integer> itemRows(List<Prompt> prompts) {
    Map<Integer, Integer> rowOfItem = new LinkedHashMap<>();
    for (Prompt prompt : prompts) {
      for (int item : prompt.slotItems()) {
        if (item != Prompt.USER) {
          rowOfItem.putIfAbsent(item, rowOfItem.size() + 1);
        }
      }
    }
    return rowOfItem;
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

  /** Whether any place holds an embedding. */
  boolean hasPlaces() {
    return items.length > 0 || users;
  }

  /** Whether a place holds a user's embedding. */
  boolean hasUsers() {
    return users;
  }

  /** The distinct items whose embeddings are placed, S of them. */
  int[] items() {
    return items;
  }

  /** Row of the table for each token, (B, T). */
  Tensor tableRows(Device device) {
    return Tensor.of(tableRows, rows, length).to(device);
  }

  /** 0 where an embedding replaces the token's own, 1 elsewhere, (B, T, 1); null if none does. */
  Tensor keep(Device device) {
    return replaces ? Tensor.of(keep, rows, length, 1).to(device) : null;
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
