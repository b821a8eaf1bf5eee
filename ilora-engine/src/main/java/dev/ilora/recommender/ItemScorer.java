package dev.ilora.recommender;

import dev.ilora.tensor.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Scores every item as a user's next one. N items have the ids 0 .. N-1; a history lists item ids,
 * oldest first.
 */
public sealed interface ItemScorer extends AutoCloseable permits Popularity, SequenceRecommender {
  /** Histories scored at a time. */
  int BATCH = 512;

  /** Name in tables: Popularity, SASRec, GRU4Rec, Caser. */
  String name();

  /** N. */
  int itemCount();

  /** Most history items that count; older ones are ignored. 0 where the history plays no part. */
  int historyLength();

  /**
   * Scores all items, higher for likelier; comparable within a row only.
   *
   * @return a score for each item, (B, N)
   * @throws IllegalArgumentException if a needed history is empty or holds an unknown item
   */
  float[][] scores(List<int[]> histories);

  /**
   * Writes the folder that {@link #load} reads: {@code recommender.safetensors} with the
   * architecture in its header, and {@code recommender.json} with the same and the provenance.
   *
   * @param provenance where the weights come from (data, seed, settings, metrics), kept as given
   */
  void save(Path folder, Map<String, ?> provenance);

  /** Frees the weights. */
  @Override
  void close();

  /**
   * Scores each row's own candidates.
   *
   * @param histories B histories
   * @param candidates B lists of item ids
   * @return scores in the order of the candidates
   * @throws IllegalArgumentException if the lists differ in length or a candidate is unknown
   */
  default float[][] candidateScores(List<int[]> histories, List<int[]> candidates) {
    if (histories.size() != candidates.size()) {
      throw new IllegalArgumentException(
          histories.size() + " histories for " + candidates.size() + " candidate lists");
    }
    float[][] picked = new float[histories.size()][];
    for (int from = 0; from < picked.length; from += BATCH) {
      int to = Math.min(picked.length, from + BATCH);
      float[][] scores = scores(histories.subList(from, to));
      for (int row = from; row < to; row++) {
        picked[row] = pick(scores[row - from], candidates.get(row), row);
      }
    }
    return picked;
  }

  private static float[] pick(float[] scores, int[] items, int row) {
    float[] picked = new float[items.length];
    for (int i = 0; i < items.length; i++) {
      if (items[i] < 0 || items[i] >= scores.length) {
        throw new IllegalArgumentException(
            "row %s: candidate %s is outside 0..%s".formatted(row, items[i], scores.length - 1));
      }
      picked[i] = scores[items[i]];
    }
    return picked;
  }

  /**
   * Ranks each target among all N items, history included, counted from 1. Of equal scores the
   * smaller id comes first.
   *
   * @param targets B item ids
   */
  default int[] fullRanks(List<int[]> histories, int[] targets) {
    int[] ranks = new int[targets.length];
    for (int from = 0; from < ranks.length; from += BATCH) {
      int to = Math.min(ranks.length, from + BATCH);
      float[][] scores = scores(histories.subList(from, to));
      for (int row = from; row < to; row++) {
        ranks[row] = rank(scores[row - from], targets[row]);
      }
    }
    return ranks;
  }

  private static int rank(float[] scores, int target) {
    int rank = 1;
    for (int item = 0; item < scores.length; item++) {
      boolean before =
          scores[item] > scores[target] || (scores[item] == scores[target] && item < target);
      rank += before ? 1 : 0;
    }
    return rank;
  }

  /**
   * Returns the best items of each history, best first, leaving out the history itself.
   *
   * @param count items wanted; fewer come where fewer remain
   */
  default List<int[]> top(List<int[]> histories, int count) {
    List<int[]> top = new ArrayList<>();
    for (int from = 0; from < histories.size(); from += BATCH) {
      List<int[]> part = histories.subList(from, Math.min(histories.size(), from + BATCH));
      float[][] scores = scores(part);
      for (int row = 0; row < part.size(); row++) {
        top.add(Top.of(scores[row], part.get(row), count));
      }
    }
    return top;
  }

  /**
   * Reads a folder written by {@link #save}, or any folder with a {@code recommender.safetensors}.
   * The weights live until {@link #close}, or until the scope open now closes.
   *
   * @throws dev.ilora.BadInputException if the file is absent, not a recommender, or its weights do
   *     not fit its architecture
   */
  static ItemScorer load(Path folder) {
    return load(folder, Device.CPU);
  }

  /** Reads a folder as {@link #load(Path)} does, onto a device. */
  static ItemScorer load(Path folder, Device device) {
    return RecommenderFiles.load(folder.resolve(RecommenderFiles.WEIGHTS), device);
  }

  /**
   * Reads released weights of SASRec, GRU4Rec or Caser: one safetensors file whose metadata names
   * the model and its sizes ({@code model}, {@code hidden_size}, {@code state_size}, {@code
   * padding_item_id}, for Caser {@code num_filters} and {@code filter_sizes}).
   *
   * @throws dev.ilora.BadInputException if metadata is missing or a weight is missing, unexpected
   *     or of another shape
   */
  static SequenceRecommender importWeights(Path safetensors) {
    return RecommenderFiles.importWeights(safetensors, Device.CPU);
  }
}
