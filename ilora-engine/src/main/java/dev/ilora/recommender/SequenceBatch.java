package dev.ilora.recommender;

import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Histories as the networks read them: the latest L items, oldest first, right-padded with the
 * padding id.
 *
 * @param sequences item ids, (B, L) I64
 * @param lengths number of items before the padding, at least 1, (B) I64
 */
public record SequenceBatch(Tensor sequences, Tensor lengths) {

  /**
   * Pads histories; longer ones lose their oldest items. The tensors belong to the caller's scope.
   *
   * @param histories item ids, oldest first
   * @throws IllegalArgumentException if a history is empty or holds an item outside 0 .. N-1
   */
  public static SequenceBatch of(List<int[]> histories, Architecture architecture, Device device) {
    int length = architecture.historyLength();
    long[] sequences = new long[histories.size() * length];
    long[] lengths = new long[histories.size()];
    Arrays.fill(sequences, architecture.padding());
    for (int row = 0; row < lengths.length; row++) {
      int[] history = histories.get(row);
      lengths[row] = Math.min(length, history.length);
      copyLatest(history, row, architecture.itemCount(), sequences, length);
    }
    return new SequenceBatch(
        Tensor.of(sequences, lengths.length, length).to(device),
        Tensor.of(lengths, lengths.length).to(device));
  }

  private static void copyLatest(
      int[] history, int row, int itemCount, long[] sequences, int length) {
    if (history.length == 0) {
      throw new IllegalArgumentException(
          "history " + row + " is empty; at least one item is needed");
    }
    int from = Math.max(0, history.length - length);
    for (int i = from; i < history.length; i++) {
      if (history[i] < 0 || history[i] >= itemCount) {
        throw new IllegalArgumentException(
            "history %s: item %s is outside 0..%s".formatted(row, history[i], itemCount - 1));
      }
      sequences[row * length + i - from] = history[i];
    }
  }
}
