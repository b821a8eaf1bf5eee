package dev.ilora.hybrid;

import dev.ilora.data.Case;
import dev.ilora.llm.Llama;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * Embeds batches of tokens, with learned vectors and a recommender's projected embeddings in the
 * slots of their prompts.
 */
record SlotEmbedder(Llama llama, Conditioning conditioning, Tuning tuning) {

  /** Token embeddings with the batch's places filled, (B, T, C). */
  Tensor embed(TokenBatch batch, List<Case> cases) {
    Tensor tokens = llama.embed(batch.ids(llama.device()));
    List<Tensor> vectors = new ArrayList<>();
    if (tuning instanceof Tuning.VirtualTokens(Tensor learned)) {
      vectors.add(learned);
    } else if (tuning.virtualTokens() > 0) {
      // Nothing sees the embeddings of a prefix's slots, but there are rows for them.
      vectors.add(
          Tensor.zeros(
              DType.F32, llama.device(), tuning.virtualTokens(), llama.config().hiddenSize()));
    }
    if (conditioning instanceof Conditioning.Embedded embedded) {
      vectors.addAll(vectors(embedded, batch, cases));
    }
    return batch.places().fill(tokens, vectors);
  }

  private List<Tensor> vectors(Conditioning.Embedded embedded, TokenBatch batch, List<Case> cases) {
    List<Tensor> vectors = new ArrayList<>();
    if (batch.items().length > 0) {
      Conditioning.ProjectedItems items = embedded.items().orElseThrow();
      Tensor ids = Tensor.ofInts(batch.items(), batch.items().length).to(llama.device());
      Tensor stored = items.vectors().of(embedded.guide()).detach();
      vectors.add(items.projector().project(stored.indexSelect(0, ids), batch.items()));
    }
    if (batch.hasUsers()) {
      Tensor users = sequenceEmbeddings(embedded.guide(), cases, llama.device());
      vectors.add(embedded.user().orElseThrow().project(users));
    }
    return vectors;
  }

  /** The frozen embedding of each case's sequence, (B, E). */
  static Tensor sequenceEmbeddings(SequenceRecommender guide, List<Case> cases, Device device) {
    List<int[]> histories = cases.stream().map(Case::history).toList();
    return Torch.noGrad(() -> guide.sequenceEmbedding(guide.batch(histories)).to(device));
  }
}
