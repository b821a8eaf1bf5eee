package dev.ilora.pretrain;

import dev.ilora.hybrid.EmbeddingPlaces;
import dev.ilora.hybrid.Projector;
import dev.ilora.llm.Llama;
import dev.ilora.synthetic.PretrainingExample;
import dev.ilora.synthetic.PretrainingExample.Vectors;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pretraining texts right-padded to one length, with their targets.
 *
 * <p>B texts, T tokens of the longest, P targets, C width of the model.
 */
final class TextBatch {
  private final List<PretrainingExample> texts;
  private final int length;
  private final long[] ids;
  private final List<Long> positions = new ArrayList<>();
  private final List<Long> targets = new ArrayList<>();
  private final List<Float> weights = new ArrayList<>();
  private final List<Long> choiceRows = new ArrayList<>();
  private final List<int[]> among = new ArrayList<>();

  /**
   * @param texts the longest last
   */
  TextBatch(List<PretrainingExample> texts) {
    this.texts = texts;
    this.length = texts.getLast().length();
    this.ids = new long[texts.size() * length];
    for (int b = 0; b < texts.size(); b++) {
      PretrainingExample text = texts.get(b);
      for (int t = 0; t < text.length(); t++) {
        ids[b * length + t] = text.tokens()[t];
        int answer = Arrays.binarySearch(text.answerStarts(), t);
        if (answer >= 0 && text.among()[answer].length > 1) {
          choiceRows.add((long) targets.size());
          among.add(text.among()[answer]);
        }
        if (t > 0 && text.weights()[t] > 0) {
          positions.add((long) b * length + t - 1);
          targets.add((long) text.tokens()[t]);
          weights.add(text.weights()[t]);
        }
      }
    }
  }

  int[] lengths() {
    return texts.stream().mapToInt(PretrainingExample::length).toArray();
  }

  /** Flat positions b·T + t after which a target follows, I64, (P). */
  Tensor positions(Device device) {
    return longs(positions).to(device);
  }

  /** The tokens that follow there, I64, (P). */
  Tensor targets(Device device) {
    return longs(targets).to(device);
  }

  /** How much each counts, divided by a number, F32, (P). */
  Tensor weights(double divisor, Device device) {
    float[] shares = new float[weights.size()];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) (weights.get(i) / divisor);
    }
    return Tensor.of(shares, shares.length).to(device);
  }

  /** The targets that are choices, each weighing as much as there, divided by a number. */
  ChoiceLoss choices(double divisor) {
    ChoiceLoss choices = new ChoiceLoss();
    for (int i = 0; i < among.size(); i++) {
      int row = choiceRows.get(i).intValue();
      choices.add(
          row, among.get(i), targets.get(row).intValue(), (float) (weights.get(row) / divisor));
    }
    return choices;
  }

  private static Tensor longs(List<Long> values) {
    long[] array = values.stream().mapToLong(Long::longValue).toArray();
    return Tensor.of(array, array.length);
  }

  /**
   * Token embeddings with the texts' vectors in their places, (B, T, C).
   *
   * @param projector may be null where no text has vectors
   */
  Tensor embeddings(Llama llama, Projector projector) {
    Tensor tokens = llama.embed(Tensor.of(ids, texts.size(), length).to(llama.device()));
    List<float[]> vectors = new ArrayList<>();
    EmbeddingPlaces places = new EmbeddingPlaces(texts.size(), length);
    for (int b = 0; b < texts.size(); b++) {
      Vectors placed = texts.get(b).vectors();
      for (int s = 0; s < placed.positions().length; s++) {
        places.put(b, placed.positions()[s], vectors.size() + placed.rows()[s], placed.adds()[s]);
      }
      vectors.addAll(Arrays.asList(placed.values()));
    }
    return vectors.isEmpty()
        ? tokens
        : places.fill(tokens, List.of(projector.project(table(vectors).to(llama.device()))));
  }

  private static Tensor table(List<float[]> vectors) {
    int width = vectors.getFirst().length;
    float[] flat = new float[vectors.size() * width];
    for (int i = 0; i < vectors.size(); i++) {
      System.arraycopy(vectors.get(i), 0, flat, i * width, width);
    }
    return Tensor.of(flat, vectors.size(), width);
  }
}
