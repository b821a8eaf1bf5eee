package dev.ilora.llm;

import dev.ilora.tensor.Tensor;
import java.util.Arrays;

/**
 * The positions of a batch whose results are wanted, as the last layer needs them: P positions in
 * the order asked for, and the same laid out with as many for each of the B sequences. Tokens are
 * numbered b·T + t, or as the plan packs them.
 *
 * @param positions tokens, I64, (P)
 * @param rows the row of the adaptation of each: its sequence or, packed, itself, I64, (P)
 * @param padded tokens, sequence by sequence, those with fewer repeating one, I64, (B·E)
 * @param paddedRows the row of the adaptation of each of these, I64, (B·E); null where the
 *     adaptation fits as it is
 * @param order where each wanted position stands among the padded, I64, (P)
 * @param plan attention of the padded positions' queries
 */
record Selection(
    Tensor positions,
    Tensor rows,
    Tensor padded,
    Tensor paddedRows,
    Tensor order,
    AttentionPlan plan) {

  /**
   * @param positions flat positions b·T + t, I64, (P)
   * @param plan causal or not; where it is not, or most positions are wanted, the queries of all
   *     are laid out
   * @throws IllegalArgumentException if a position is outside the batch
   */
  static Selection of(Tensor positions, AttentionPlan plan) {
    int tokens = plan.tokens();
    long[] flat = positions.toLongs();
    int[] counts = new int[plan.batch()];
    for (long position : flat) {
      if (position < 0 || position >= (long) plan.batch() * tokens) {
        throw new IllegalArgumentException(
            "position %s is outside the batch of %s x %s tokens"
                .formatted(position, plan.batch(), tokens));
      }
      counts[(int) (position / tokens)]++;
    }
    int most = Math.max(1, Arrays.stream(counts).max().orElse(1));
    boolean sparse = plan.causal() && 2L * most <= tokens;
    Tensor chosen = plan.tokensAt(positions);
    Tensor rows = plan.packing() == null ? positions.floorDivide(tokens) : chosen;
    if (!sparse) {
      Tensor all = Tensor.arange(plan.count(), positions.device());
      return new Selection(chosen, rows, all, null, chosen, plan);
    }
    return laidOut(chosen, rows, flat, most, plan);
  }

  private static Selection laidOut(
      Tensor positions, Tensor rows, long[] flat, int each, AttentionPlan plan) {
    int tokens = plan.tokens();
    long[] padded = new long[plan.batch() * each];
    long[] inRow = new long[padded.length];
    for (int i = 0; i < padded.length; i++) {
      padded[i] = (long) (i / each) * tokens;
    }
    long[] order = new long[flat.length];
    int[] used = new int[plan.batch()];
    for (int i = 0; i < flat.length; i++) {
      int row = (int) (flat[i] / tokens);
      int place = row * each + used[row]++;
      padded[place] = flat[i];
      inRow[place] = flat[i] % tokens;
      order[i] = place;
    }
    var device = positions.device();
    Tensor own = Tensor.of(inRow, plan.batch(), each).to(device);
    Tensor asked = Tensor.of(padded, padded.length).to(device);
    Tensor tokenOfEach = plan.tokensAt(asked);
    return new Selection(
        positions,
        rows,
        tokenOfEach,
        plan.packing() == null ? null : tokenOfEach,
        Tensor.of(order, order.length).to(device),
        plan.queriesAt(own));
  }
}
