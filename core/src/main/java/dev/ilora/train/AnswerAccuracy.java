package dev.ilora.train;

import dev.ilora.adapter.Adaptation;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Llama;
import dev.ilora.model.Projector;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.text.PretrainingExample;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How many answers of pretraining texts a model gives exactly: greedy decoding would write every
 * token of them, the line break that ends them included.
 */
public final class AnswerAccuracy {
  /**
   * Answers of one kind of text.
   *
   * @param answers how many there were
   * @param exact how many of them were given exactly
   */
  public record Count(long answers, long exact) {
    /** The share given exactly, 0 to 1. */
    public double share() {
      return (double) exact / answers;
    }

    private Count plus(Count other) {
      return new Count(answers + other.answers, exact + other.exact);
    }
  }

  private AnswerAccuracy() {}

  /**
   * Counts exact answers by kind of text.
   *
   * @param projector may be null where no text has vectors
   */
  public static Map<PretrainingExample.Kind, Count> count(
      Llama llama, Projector projector, List<PretrainingExample> texts) {
    Map<PretrainingExample.Kind, Count> counts = new EnumMap<>(PretrainingExample.Kind.class);
    List<PretrainingExample> sorted =
        texts.stream().sorted(Comparator.comparingInt(PretrainingExample::length)).toList();
    for (int from = 0; from < sorted.size(); from += 8) {
      List<PretrainingExample> batch = sorted.subList(from, Math.min(sorted.size(), from + 8));
      long[] greedy = greedy(llama, projector, batch);
      int length = batch.getLast().length();
      for (int b = 0; b < batch.size(); b++) {
        PretrainingExample text = batch.get(b);
        for (int answer = 0; answer < text.answerStarts().length; answer++) {
          boolean exact = true;
          for (int t = text.answerStarts()[answer]; t < text.answerEnds()[answer]; t++) {
            exact &= greedy[b * length + t - 1] == text.tokens()[t];
          }
          counts.merge(text.kind(), new Count(1, exact ? 1 : 0), Count::plus);
        }
      }
    }
    return counts;
  }

  /** The likeliest token after each of a batch's, B·T of them. */
  private static long[] greedy(Llama llama, Projector projector, List<PretrainingExample> texts) {
    return Torch.noGrad(
        () -> {
          try (var _ = Scope.open()) {
            TextBatch batch = new TextBatch(texts);
            Tensor hidden =
                llama.hidden(
                    batch.embeddings(llama, projector),
                    Attention.causal(batch.lengths()),
                    Adaptation.NONE);
            return llama.logits(hidden).argmax(-1).toLongs();
          }
        });
  }
}
