package dev.ilora.llm;

import dev.ilora.tensor.DType;
import dev.ilora.tensor.Tensor;
import java.util.Arrays;

/**
 * The likeliest next tokens of each row.
 *
 * @param tokens per row, likeliest first, -1 where fewer are allowed
 * @param logProbabilities of those tokens
 */
record Candidates(int[][] tokens, float[][] logProbabilities) {

  /**
   * @param likely log-probabilities, (B, V)
   * @param allowed per row the tokens that may follow, or null for all
   * @param wanted the most tokens to return per row
   */
  static Candidates of(Tensor likely, int[][] allowed, int wanted) {
    if (Arrays.stream(allowed).allMatch(row -> row == null)) {
      Tensor.TopK best = likely.topk(wanted, -1);
      return new Candidates(rows(best.indices().toInts(), wanted), rows(best.values(), wanted));
    }
    int[][] full = complete(allowed, (int) likely.size(1));
    int most = Arrays.stream(full).mapToInt(row -> row.length).max().orElse(0);
    if (most == 0) {
      return new Candidates(new int[full.length][0], new float[full.length][0]);
    }
    long[] indices = new long[full.length * most];
    boolean[] absent = new boolean[full.length * most];
    for (int row = 0; row < full.length; row++) {
      for (int i = 0; i < most; i++) {
        boolean there = i < full[row].length;
        indices[row * most + i] = there ? full[row][i] : 0;
        absent[row * most + i] = !there;
      }
    }
    Tensor chosen =
        likely
            .gather(1, Tensor.of(indices, full.length, most).to(likely.device()))
            .maskedFill(
                Tensor.of(absent, full.length, most).to(likely.device()), Double.NEGATIVE_INFINITY);
    int count = Math.min(wanted, most);
    Tensor.TopK best = chosen.topk(count, -1);
    int[][] places = rows(best.indices().toInts(), count);
    for (int row = 0; row < full.length; row++) {
      for (int i = 0; i < count; i++) {
        int place = places[row][i];
        places[row][i] = place < full[row].length ? full[row][place] : -1;
      }
    }
    return new Candidates(places, rows(best.values(), count));
  }

  private static int[][] complete(int[][] allowed, int vocabulary) {
    int[] all = new int[vocabulary];
    Arrays.setAll(all, token -> token);
    return Arrays.stream(allowed).map(row -> row == null ? all : row).toArray(int[][]::new);
  }

  private static int[][] rows(int[] flat, int width) {
    int[][] rows = new int[flat.length / width][];
    Arrays.setAll(rows, row -> Arrays.copyOfRange(flat, row * width, (row + 1) * width));
    return rows;
  }

  private static float[][] rows(Tensor values, int width) {
    float[] flat = values.to(DType.F32).toFloats();
    float[][] rows = new float[flat.length / width][];
    Arrays.setAll(rows, row -> Arrays.copyOfRange(flat, row * width, (row + 1) * width));
    return rows;
  }
}
