package dev.ilora.recommender;

import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Caser as released with LLaRA: the last L item embeddings as an image (L, C), padding zero.
 * Horizontal filters of several heights span its width and are max-pooled over time; one vertical
 * filter takes a weighted sum over time. z is both after relu: filters × heights + C wide (112).
 *
 * <p>A horizontal filter of height f is a sum of f linear layers on shifted rows, so all filters
 * become one matrix product over the items followed by sums of shifted slices.
 *
 * <p>Source: Tang and Wang, arXiv:1809.07426.
 */
record Caser(Architecture architecture, Map<String, Tensor> weights)
    implements SequenceRecommender {
  /** Shapes of the weights between the item embeddings and z. */
  static Map<String, long[]> shapes(Architecture a) {
    long c = a.width();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (int i = 0; i < a.filterSizes().size(); i++) {
      shapes.put(horizontal(i) + "weight", new long[] {a.filters(), 1, a.filterSizes().get(i), c});
      shapes.put(horizontal(i) + "bias", new long[] {a.filters()});
    }
    shapes.put("vertical_cnn.weight", new long[] {1, 1, a.historyLength(), 1});
    shapes.put("vertical_cnn.bias", new long[] {1});
    return shapes;
  }

  private static String horizontal(int index) {
    return "horizontal_cnn." + index + ".";
  }

  @Override
  public Tensor sequenceEmbedding(SequenceBatch batch, Dropout dropout) {
    Tensor padded = Padding.mask(batch.lengths(), architecture.historyLength());
    Tensor items = itemEmbeddings().embedding(batch.sequences()).maskedFill(padded.unsqueeze(2), 0);
    List<Tensor> parts = new ArrayList<>(horizontal(items));
    parts.add(vertical(items));
    return dropout.of(Tensor.cat(parts, 1));
  }

  /** Max-pooled responses of the filters of each height: (B, filters) each. */
  private List<Tensor> horizontal(Tensor items) {
    List<Tensor> rows = new ArrayList<>();
    for (int i = 0; i < architecture.filterSizes().size(); i++) {
      // (filters, 1, f, C) to (f · filters, C)
      Tensor weight = weights.get(horizontal(i) + "weight");
      rows.add(weight.squeeze(1).transpose(0, 1).reshape(-1, architecture.width()));
    }
    // One piece for each row of each filter, in the order of the matrix: (B, L, filters) each.
    Iterator<Tensor> responses =
        items.linear(Tensor.cat(rows, 0)).split(architecture.filters(), 2).iterator();
    List<Tensor> pooled = new ArrayList<>();
    for (int i = 0; i < architecture.filterSizes().size(); i++) {
      Tensor bias = weights.get(horizontal(i) + "bias");
      Tensor windows = shiftedSum(responses, architecture.filterSizes().get(i));
      pooled.add(windows.max(1, false).add(bias).relu());
    }
    return pooled;
  }

  /** Adds the responses of a filter's rows, each at its place: (B, L - height + 1, filters). */
  private Tensor shiftedSum(Iterator<Tensor> responses, int height) {
    int windows = architecture.historyLength() - height + 1;
    Tensor sum = responses.next().slice(1, 0, windows);
    for (int row = 1; row < height; row++) {
      sum = sum.add(responses.next().slice(1, row, row + windows));
    }
    return sum;
  }

  /** The weighted sum over time: (B, C). */
  private Tensor vertical(Tensor items) {
    Tensor weight = weights.get("vertical_cnn.weight").reshape(architecture.historyLength(), 1);
    return items.mul(weight).sum(1, false).add(weights.get("vertical_cnn.bias")).relu();
  }
}
