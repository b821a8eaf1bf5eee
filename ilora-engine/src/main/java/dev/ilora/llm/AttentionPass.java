package dev.ilora.llm;

import dev.ilora.llm.Looks.Look;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Causal attention of one layer through a forward and a backward pass written out by hand. Queries
 * are taken in blocks, each with the keys up to its end, so that half of the scores are never
 * formed; the queries that share a key/value head are rows of one product. On processors this takes
 * half the time of fused attention, whose products are too small.
 *
 * <p>B sequences, T tokens, N = B·T or the real tokens of a packed plan, H heads, G key/value
 * heads, S = H / G heads that share one, D head width. Rotary positions as in {@link
 * SelfAttention}.
 */
final class AttentionPass {
  static final int BLOCK = 48;

  private final AttentionPlan plan;
  private final Look look;
  private final int window;
  private final int groups;
  private final int shared;
  private final int width;
  private final Tensor turns;
  private final Tensor queryTurns;
  private final Tensor q;
  private final Tensor k;
  private final Tensor v;
  private final List<Tensor> weights = new ArrayList<>();
  private final Tensor attended;

  /** Columns whose keys and values are learned. */
  private final int learnedColumns;

  private Tensor learnedGradient;

  /**
   * @param plan causal
   * @param queries (N, H·D)
   * @param keys (N, G·D)
   * @param values (N, G·D)
   * @param learned what stands in place of the first columns, or null
   */
  AttentionPass(
      LlamaConfig config,
      int layer,
      AttentionPlan plan,
      Tensor queries,
      Tensor keys,
      Tensor values,
      LearnedColumns learned) {
    this.plan = plan;
    look = plan.look(layer);
    window = config.sight(layer).window();
    groups = config.keyValueHeads();
    shared = config.heads() / groups;
    width = config.headWidth();
    Tensor rotation = look.rotation();
    turns = rotation.dim() == 4 ? rotation.unsqueeze(1) : rotation;
    queryTurns = turns.mul(config.form().scales().scores());
    q = turned(plan.laidOut(queries), shared, queryTurns);
    k = turned(plan.laidOut(keys), 1, turns);
    v = grouped(plan.laidOut(values), 1);
    learnedColumns = learned == null ? 0 : (int) Math.min(learned.keys().size(0), plan.tokens());
    if (learned != null) {
      beginningOf(k).copyInPlace(beginning(learned.keys(), k.dtype()));
      beginningOf(v).copyInPlace(beginning(learned.values(), v.dtype()));
    }
    List<Tensor> results = new ArrayList<>();
    Tensor hidden = hidden(q.dtype(), q.device());
    for (int from = 0; from < plan.tokens(); from += BLOCK) {
      int to = Math.min(plan.tokens(), from + BLOCK);
      int first = firstKey(from);
      Tensor scores = rows(q, from, to).bmm(k.slice(1, first, to).transpose(1, 2));
      Tensor perToken = scores.view(-1, to - from, shared, to - first);
      perToken
          .slice(3, from - first, to - first)
          .addInPlace(hidden.slice(0, 0, to - from).slice(2, 0, to - from), 1);
      hideFar(perToken, from, to);
      Tensor weight = scores.softmaxInPlace();
      weights.add(weight);
      results.add(weight.bmm(v.slice(1, first, to)));
    }
    attended = Tensor.cat(results, 1);
  }

  /** The first key that a block of queries from a token on sees. */
  private int firstKey(int from) {
    return Math.max(0, from - window + 1);
  }

  /** Hides the keys before each query's window from the scores of a block, (·, block, S, keys). */
  private void hideFar(Tensor scores, int from, int to) {
    int first = firstKey(from);
    int keys = to - window - first;
    if (keys <= 0) {
      return;
    }
    Tensor far =
        Tensor.ones(DType.BOOL, scores.device(), to - from, keys).tril(from - window - first);
    Tensor hidden = Tensor.zeros(scores.dtype(), scores.device(), far.shape());
    scores.slice(3, 0, keys).addInPlace(hidden.maskedFill(far, KvCache.HIDDEN).unsqueeze(1), 1);
  }

  /** What to add to the scores of a block among its own keys, (block, 1, block). */
  private static Tensor hidden(DType dtype, Device device) {
    Tensor seen = Tensor.ones(DType.BOOL, device, BLOCK, BLOCK).tril(0).unsqueeze(1);
    return Tensor.zeros(dtype, device, seen.shape()).maskedFill(seen.logicalNot(), KvCache.HIDDEN);
  }

  /** The heads' results side by side, (N, H·D). */
  Tensor output() {
    return flat(attended, shared);
  }

  /** What must outlive the scope of the forward pass. */
  List<Tensor> needed() {
    List<Tensor> all = new ArrayList<>(List.of(queryTurns, q, k, v, attended));
    all.addAll(weights);
    if (turns != look.rotation()) {
      all.add(turns);
    }
    return all;
  }

  /**
   * Returns the gradients of queries, keys and values, in their shapes.
   *
   * @param gradient of {@link #output}, (N, H·D)
   */
  List<Tensor> backward(Tensor gradient) {
    // Padding reads real keys: its gradient must be zero.
    Tensor g = grouped(plan.spread(gradient), shared);
    Tensor means = g.mul(attended).sum(-1, true);
    List<Tensor> dq = new ArrayList<>();
    Tensor dk = null;
    Tensor dv = null;
    // The last block first: without a window, its keys are all keys.
    for (int block = weights.size() - 1; block >= 0; block--) {
      int from = block * BLOCK;
      int to = Math.min(plan.tokens(), from + BLOCK);
      int first = firstKey(from);
      Tensor weight = weights.get(block);
      Tensor own = rows(g, from, to);
      Tensor scores = own.bmm(v.slice(1, first, to).transpose(1, 2));
      scores.addInPlace(rows(means, from, to), -1).mulInPlace(weight);
      dq.addFirst(scores.bmm(k.slice(1, first, to)));
      dk = summed(dk, scores.transpose(1, 2).bmm(rows(q, from, to)), first);
      dv = summed(dv, weight.transpose(1, 2).bmm(own), first);
    }
    if (learnedColumns > 0) {
      learnedGradient = new LearnedColumns(taken(dk), taken(dv)).learned(look);
    }
    return List.of(
        turnedBack(Tensor.cat(dq, 1), shared, queryTurns), turnedBack(dk, 1, turns), flat(dv, 1));
  }

  /** The learned columns among all, (B·G, T, D) to (B, G, V, D). */
  private Tensor beginningOf(Tensor all) {
    return all.view(plan.batch(), groups, plan.tokens(), width).slice(2, 0, learnedColumns);
  }

  /** Learned keys or values, (V, G, D), to (1, G, V, D), of the pass's type. */
  private Tensor beginning(Tensor learned, DType type) {
    return learned.slice(0, 0, learnedColumns).transpose(0, 1).unsqueeze(0).to(type);
  }

  /** Takes the gradient of the learned columns, (V, G, D), out of that of all. */
  private Tensor taken(Tensor gradient) {
    Tensor own = beginningOf(gradient);
    Tensor sum = own.to(DType.F32).sum(0, false).transpose(0, 1).contiguous();
    own.fillInPlace(0);
    return sum;
  }

  /** Gradient of what was learned, (V, 2, G·D), once {@link #backward} is done; or null. */
  Tensor learnedGradient() {
    return learnedGradient;
  }

  /** Adds a gradient of the keys or values from one on to that of all. */
  private static Tensor summed(Tensor all, Tensor some, int first) {
    if (all == null && first == 0) {
      return some;
    }
    long end = first + some.size(1);
    Tensor sum =
        all == null
            ? Tensor.zeros(some.dtype(), some.device(), some.size(0), end, some.size(2))
            : all;
    sum.slice(1, first, end).addInPlace(some, 1);
    return sum;
  }

  /** Rows of tokens from..to-1 of (B·G, T·S, ·). */
  private Tensor rows(Tensor all, int from, int to) {
    return all.slice(1, (long) from * shared, (long) to * shared);
  }

  /** (B·T, G·S·D) to (B·G, T·S, D). */
  private Tensor grouped(Tensor flat, int heads) {
    return flat.view(plan.batch(), plan.tokens(), groups, (long) heads * width)
        .transpose(1, 2)
        .reshape((long) plan.batch() * groups, (long) plan.tokens() * heads, width);
  }

  /** (B·G, T·S, D) to (N, G·S·D). */
  private Tensor flat(Tensor grouped, int heads) {
    return plan.packed(
        grouped
            .view(plan.batch(), groups, plan.tokens(), (long) heads * width)
            .transpose(1, 2)
            .reshape((long) plan.batch() * plan.tokens(), (long) groups * heads * width));
  }

  /** As {@link #grouped}, with rotary positions. */
  private Tensor turned(Tensor flat, int heads, Tensor turns) {
    return look.paired(flat)
        .to(DType.F32)
        .view(plan.batch(), plan.tokens(), groups, heads, 2, width / 2)
        .permute(0, 2, 1, 3, 5, 4)
        .contiguous()
        .viewAsComplex()
        .mulInPlace(turns)
        .viewAsReal()
        .view((long) plan.batch() * groups, (long) plan.tokens() * heads, width)
        .to(flat.dtype());
  }

  /** Gradient of {@link #turned}'s argument from that of its result, which is overwritten. */
  private Tensor turnedBack(Tensor grouped, int heads, Tensor turns) {
    return plan.packed(
            look.unpaired(
                grouped
                    .to(DType.F32)
                    .view(plan.batch(), groups, plan.tokens(), heads, width / 2, 2)
                    .viewAsComplex()
                    .mulInPlace(turns.conjPhysical())
                    .viewAsReal()
                    .permute(0, 2, 1, 3, 5, 4)
                    .reshape((long) plan.batch() * plan.tokens(), (long) groups * heads * width)))
        .to(grouped.dtype());
  }
}
