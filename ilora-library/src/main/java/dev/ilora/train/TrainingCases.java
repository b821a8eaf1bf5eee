package dev.ilora.train;

import dev.ilora.data.Case;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.SequenceBatch;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Rows packed for batching. */
final class TrainingCases {
  private final Architecture architecture;
  private final List<int[]> histories = new ArrayList<>();
  private final long[] targets;

  /** Takes the rows with a history. */
  TrainingCases(List<Case> rows, Architecture architecture) {
    this.architecture = architecture;
    List<Case> usable = rows.stream().filter(row -> row.history().length > 0).toList();
    targets = new long[usable.size()];
    for (int i = 0; i < targets.length; i++) {
      Case row = usable.get(i);
      if (row.target() < 0 || row.target() >= architecture.itemCount()) {
        throw new IllegalArgumentException(
            "row %s: item %s is outside 0..%s"
                .formatted(row.index(), row.target(), architecture.itemCount() - 1));
      }
      histories.add(row.history());
      targets[i] = row.target();
    }
  }

  int size() {
    return targets.length;
  }

  SequenceBatch batch(int[] order, int from, int to, Device device) {
    List<int[]> picked = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      picked.add(histories.get(order[i]));
    }
    return SequenceBatch.of(picked, architecture, device);
  }

  /** Item ids, (B) I64. */
  Tensor targets(int[] order, int from, int to, Device device) {
    long[] picked = new long[to - from];
    for (int i = from; i < to; i++) {
      picked[i - from] = targets[order[i]];
    }
    return Tensor.of(picked, picked.length).to(device);
  }
}
