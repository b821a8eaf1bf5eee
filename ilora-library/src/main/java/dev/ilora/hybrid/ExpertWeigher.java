package dev.ilora.hybrid;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Guidance;
import dev.ilora.adapter.PeftAdapter;
import dev.ilora.data.Case;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Tensor;
import java.util.List;

/** Weighs the experts of a batch, each case's by what the gate looks at. */
final class ExpertWeigher {
  private ExpertWeigher() {}

  /**
   * The adapters as a pass over a batch applies them.
   *
   * @param embeddings of the batch, (B, T, C)
   * @param training whether dropout and the gate's noise apply
   */
  static Adaptation adaptation(
      Tuning tuning, TokenBatch batch, Tensor embeddings, List<Case> cases, boolean training) {
    return switch (tuning) {
      case Tuning.Frozen _, Tuning.VirtualTokens _ -> Adaptation.NONE;
      case Tuning.Prefix(Tensor keysAndValues) ->
          Adaptation.of(new PeftAdapter.Prefix(keysAndValues));
      case Tuning.Lora(Adapters adapters) -> Adaptation.of(adapters, cases.size(), training);
      case Tuning.Mixture mixture ->
          Adaptation.of(
              mixture.adapters(), weights(mixture, batch, embeddings, cases, training), training);
    };
  }

  /** Returns the weight of each expert for each case, (B, K) or (L, B, K). */
  static Tensor weights(
      Tuning.Mixture mixture,
      TokenBatch batch,
      Tensor embeddings,
      List<Case> cases,
      boolean training) {
    Tensor guidance =
        switch (mixture.input()) {
          case GateInput.SequenceEmbedding(SequenceRecommender guide) ->
              SlotEmbedder.sequenceEmbeddings(guide, cases, embeddings.device());
          case GateInput.PromptMean _ ->
              Guidance.promptMean(embeddings.detach(), batch.promptLengths()).to(DType.F32);
          case GateInput.RandomVector(long seed) ->
              Guidance.random(
                  cases.stream().map(Case::user).toList(),
                  mixture.gate().sizes().guidanceWidth(),
                  seed,
                  embeddings.device());
        };
    return mixture.gate().weights(guidance, training);
  }
}
