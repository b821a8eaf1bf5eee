package dev.ilora.recommender;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Scores each item by how often it was chosen in the training data, whatever the history. */
public final class Popularity implements ItemScorer {
  static final String NAME = "Popularity";
  private static final String COUNTS = "counts";

  private final float[] counts;

  /**
   * Takes the number of times each item was chosen.
   *
   * @param counts by item id, (N), at least one
   * @throws IllegalArgumentException if there is no item or a count is negative
   */
  public Popularity(int[] counts) {
    if (counts.length == 0) {
      throw new IllegalArgumentException("popularity needs at least one item");
    }
    this.counts = new float[counts.length];
    for (int item = 0; item < counts.length; item++) {
      if (counts[item] < 0) {
        throw new IllegalArgumentException(
            "item %s: count %s is below 0".formatted(item, counts[item]));
      }
      this.counts[item] = counts[item];
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int itemCount() {
    return counts.length;
  }

  @Override
  public int historyLength() {
    return 0;
  }

  @Override
  public float[][] scores(List<int[]> histories) {
    float[][] scores = new float[histories.size()][];
    Arrays.setAll(scores, _ -> counts.clone());
    return scores;
  }

  @Override
  public void save(Path folder, Map<String, ?> provenance) {
    try (var _ = Scope.open()) {
      long[] whole = new long[counts.length];
      Arrays.setAll(whole, item -> (long) counts[item]);
      RecommenderFiles.save(
          folder,
          NAME,
          Map.of(COUNTS, Tensor.of(whole, whole.length)),
          Map.of("model", NAME),
          provenance);
    }
  }

  static Popularity load(Path path, SafeTensors file) {
    if (!file.names().equals(java.util.Set.of(COUNTS))
        || file.dtype(COUNTS) != DType.I64
        || file.shape(COUNTS).length != 1) {
      throw new BadInputException(
          path, "not a popularity file: expected one I64 vector 'counts', got " + file.names());
    }
    try (var _ = Scope.open()) {
      return new Popularity(counts(path, file.load(COUNTS).toLongs()));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(path, e.getMessage());
    }
  }

  private static int[] counts(Path path, long[] stored) {
    int[] counts = new int[stored.length];
    for (int item = 0; item < counts.length; item++) {
      if (stored[item] != (int) stored[item]) {
        throw new BadInputException(
            path,
            "tensor 'counts': item %s: expected 0 to %s, got %s"
                .formatted(item, Integer.MAX_VALUE, stored[item]));
      }
      counts[item] = (int) stored[item];
    }
    return counts;
  }

  @Override
  public void close() {
    // No native memory.
  }
}
