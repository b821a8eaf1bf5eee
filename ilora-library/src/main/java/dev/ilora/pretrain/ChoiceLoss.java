package dev.ilora.pretrain;

import dev.ilora.llm.TrainingPass;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Next tokens that are chosen from a few, such as the first tokens of the titles of a list.
 *
 * <p>Their loss is a cross-entropy among these few alone. A model of width C cannot give the same
 * probability to 20 of thousands of tokens: the sum of 20 rows of its head is nearer to other rows
 * than to these, unless C is far above 20 times the logarithm of the vocabulary. Before it can
 * choose, its full cross-entropy therefore hardly tells it what to choose by; this one does.
 */
public final class ChoiceLoss implements TrainingPass.AddedLoss {
  private static final double NEVER = -1e9;

  /** An empty one. */
  public ChoiceLoss() {}

  private final List<Long> rows = new ArrayList<>();
  private final List<int[]> tokens = new ArrayList<>();
  private final List<Integer> chosen = new ArrayList<>();
  private final List<Float> weights = new ArrayList<>();

  /**
   * Adds one.
   *
   * @param row which of the wanted positions it follows
   * @param among different tokens
   * @param token the right one, one of them
   * @param weight how much it counts
   * @throws IllegalArgumentException if the right one is not among them
   */
  public void add(long row, int[] among, int token, float weight) {
    int place = 0;
    while (place < among.length && among[place] != token) {
      place++;
    }
    if (place == among.length) {
      throw new IllegalArgumentException(
          "token %s is not among %s".formatted(token, Arrays.toString(among)));
    }
    rows.add(row);
    tokens.add(among);
    chosen.add(place);
    weights.add(weight);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  @Override
  public double backward(Tensor head, Tensor hidden, Tensor gradient) {
    if (isEmpty()) {
      return 0;
    }
    int count = rows.size();
    int most = tokens.stream().mapToInt(one -> one.length).max().orElse(0);
    long[] ids = new long[count * most];
    float[] never = new float[count * most];
    Arrays.fill(never, (float) NEVER);
    long[] places = new long[count];
    float[] shares = new float[count];
    for (int i = 0; i < count; i++) {
      for (int n = 0; n < tokens.get(i).length; n++) {
        ids[i * most + n] = tokens.get(i)[n];
        never[i * most + n] = 0;
      }
      places[i] = chosen.get(i);
      shares[i] = weights.get(i);
    }
    Tensor wanted =
        Tensor.of(rows.stream().mapToLong(Long::longValue).toArray(), count).to(hidden.device());
    Tensor states = hidden.indexSelect(0, wanted).detach().requiresGrad(true);
    Tensor few = head.embedding(Tensor.of(ids, count, most).to(hidden.device()));
    Tensor scores =
        few.matmul(states.unsqueeze(2))
            .view(count, most)
            .add(Tensor.of(never, count, most).to(hidden.device()));
    Tensor loss =
        scores
            .logSoftmax(-1)
            .gather(1, Tensor.of(places, count, 1).to(hidden.device()))
            .mul(Tensor.of(shares, count, 1).to(hidden.device()))
            .sum()
            .mul(-1);
    loss.backward();
    for (int i = 0; i < count; i++) {
      long row = rows.get(i);
      gradient.slice(0, row, row + 1).addInPlace(states.grad().slice(0, i, i + 1), 1);
    }
    return loss.item();
  }
}
