package dev.ilora.recommender;

import dev.ilora.nn.SharedWeights;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A neural recommender: a network reads a history into one vector, the sequence embedding z, and a
 * linear layer scores all items from it. B sequences, L history length, C width, N items, H width
 * of z.
 *
 * <p>Gradients flow from every result to the weights that require them.
 */
public sealed interface SequenceRecommender extends ItemScorer permits SasRec, Gru4Rec, Caser {
  /** Sizes. */
  Architecture architecture();

  /** All weights by their released names, F32; changing one in place changes the model. */
  Map<String, Tensor> weights();

  /** H: 64 for the released SASRec and GRU4Rec, 112 for Caser. */
  default int sequenceWidth() {
    return architecture().sequenceWidth();
  }

  /**
   * Returns z with dropout, for training.
   *
   * @param batch histories, (B, L) and (B)
   * @param dropout at the network's dropout places
   * @return (B, H), in the caller's scope
   */
  Tensor sequenceEmbedding(SequenceBatch batch, Dropout dropout);

  /** Returns z, (B, H): what scores the items and guides the language model's gate. */
  default Tensor sequenceEmbedding(SequenceBatch batch) {
    return sequenceEmbedding(batch, Dropout.NONE);
  }

  /** Returns a score for each item, (B, N), before any softmax. */
  default Tensor logits(SequenceBatch batch) {
    return itemLogits(sequenceEmbedding(batch));
  }

  /** Scores all items from sequence embeddings (B, H): (B, N). */
  default Tensor itemLogits(Tensor sequenceEmbedding) {
    return sequenceEmbedding.linear(weights().get("s_fc.weight"), weights().get("s_fc.bias"));
  }

  /** The item embeddings, (N + 1, C), shared with the model; the last row is the padding's. */
  default Tensor itemEmbeddings() {
    return weights().get("item_embeddings.weight");
  }

  /** Pads histories for this model, on its device. */
  default SequenceBatch batch(List<int[]> histories) {
    return SequenceBatch.of(histories, architecture(), device());
  }

  /**
   * The same weights with gradients of their own, so that several threads can run passes and
   * backward passes at the same time; sum the gradients afterwards.
   */
  default SequenceRecommender shadow() {
    return FirstWeights.of(architecture(), SharedWeights.shadows(weights()));
  }

  /** Where the weights are. */
  default Device device() {
    return itemEmbeddings().device();
  }

  @Override
  default String name() {
    return architecture().model().title();
  }

  @Override
  default int itemCount() {
    return architecture().itemCount();
  }

  @Override
  default int historyLength() {
    return architecture().historyLength();
  }

  @Override
  default float[][] scores(List<int[]> histories) {
    return inBatches(histories, itemCount(), this::logits);
  }

  /** Returns z of each history as numbers, (B, H), without gradients. */
  default float[][] sequenceEmbeddings(List<int[]> histories) {
    return inBatches(histories, sequenceWidth(), this::sequenceEmbedding);
  }

  private float[][] inBatches(
      List<int[]> histories,
      int columns,
      java.util.function.Function<SequenceBatch, Tensor> compute) {
    List<float[]> rows = new ArrayList<>(histories.size());
    for (int from = 0; from < histories.size(); from += BATCH) {
      List<int[]> part = histories.subList(from, Math.min(histories.size(), from + BATCH));
      float[] values =
          Torch.noGrad(
              () -> {
                try (var _ = Scope.open()) {
                  return compute.apply(batch(part)).toFloats();
                }
              });
      for (int row = 0; row < part.size(); row++) {
        rows.add(Arrays.copyOfRange(values, row * columns, (row + 1) * columns));
      }
    }
    return rows.toArray(float[][]::new);
  }

  @Override
  default void save(Path folder, Map<String, ?> provenance) {
    RecommenderFiles.save(folder, name(), weights(), architecture().metadata(), provenance);
  }

  @Override
  default void close() {
    weights().values().forEach(Tensor::close);
  }

  /**
   * Makes a network with fresh weights.
   *
   * @param seed the same seed gives the same weights
   */
  static SequenceRecommender create(Architecture architecture, long seed, Device device) {
    return FirstWeights.create(architecture, seed, device);
  }
}
