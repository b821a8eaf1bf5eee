package dev.ilora.hybrid;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.Guidance;
import dev.ilora.adapter.PeftAdapter;
import dev.ilora.data.Case;
import dev.ilora.llm.Attention;
import dev.ilora.llm.KvCache;
import dev.ilora.llm.Llama;
import dev.ilora.llm.PrefixCache;
import dev.ilora.prompt.Prompt;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A prompt model in the obvious way: one case at a time, one token after the other. */
final class SlowPromptModel {
  private SlowPromptModel() {}

  /** The projected embedding of a slot, (1, C), of an item or of a user whose z is given. */
  private static Tensor projected(Conditioning.Embedded embedded, int item, Tensor z) {
    if (item == Prompt.USER) {
      return embedded.user().orElseThrow().project(z);
    }
    Conditioning.ProjectedItems items = embedded.items().orElseThrow();
    String name = items.vectors() == ItemVectors.OUTPUT ? "s_fc.weight" : "item_embeddings.weight";
    return items.projector().project(embedded.guide().weights().get(name).slice(0, item, item + 1));
  }

  private static Tensor sequenceEmbedding(SequenceRecommender guide, Case asked) {
    return guide.sequenceEmbedding(guide.batch(List.of(asked.history())));
  }

  /**
   * @param prompt token embeddings of the prompt, (1, T, C)
   */
  private static Adaptation adaptation(Tuning tuning, Case asked, Tensor prompt) {
    return switch (tuning) {
      case Tuning.Frozen _, Tuning.VirtualTokens _, Tuning.Prefix _ -> Adaptation.NONE;
      case Tuning.Lora(Adapters adapters) -> Adaptation.of(adapters, 1, false);
      case Tuning.Mixture(Adapters adapters, Gate gate, GateInput input) -> {
        Tensor guidance =
            switch (input) {
              case GateInput.SequenceEmbedding(var guide) -> sequenceEmbedding(guide, asked);
              case GateInput.PromptMean _ -> prompt.mean(1, false);
              case GateInput.RandomVector(long seed) ->
                  Guidance.random(List.of(asked.user()), 8, seed, prompt.device());
            };
        yield Adaptation.of(adapters, gate.weights(guidance, false), false);
      }
    };
  }

  private static Tensor slot(PromptModel model, Case asked, int item) {
    if (model.tuning() instanceof Tuning.Prefix && Prompt.isVirtual(item)) {
      return Tensor.zeros(model.llama().config().hiddenSize());
    }
    if (Prompt.isVirtual(item)) {
      var tuning = (Tuning.VirtualTokens) model.tuning();
      return tuning.embeddings().select(0, Prompt.virtualNumber(item));
    }
    var embedded = (Conditioning.Embedded) model.conditioning();
    return projected(embedded, item, sequenceEmbedding(embedded.guide(), asked));
  }

  /** Log-probabilities after each token of a prompt and what follows, (T, V), row by row. */
  static double[][] logProbabilities(
      PromptModel model, Case asked, Prompt prompt, int[] following) {
    int[] tokens = Arrays.copyOf(prompt.tokens(), prompt.length() + following.length);
    System.arraycopy(following, 0, tokens, prompt.length(), following.length);
    int width = model.llama().config().hiddenSize();
    return Torch.noGrad(
        () -> {
          float[] embeddings = model.llama().embed(Tensor.ofInts(tokens, tokens.length)).toFloats();
          for (int s = 0; s < prompt.slotPositions().length; s++) {
            float[] values = slot(model, asked, prompt.slotItems()[s]).toFloats();
            for (int c = 0; c < width; c++) {
              int at = prompt.slotPositions()[s] * width + c;
              embeddings[at] = (prompt.slotAdds()[s] ? embeddings[at] : 0) + values[c];
            }
          }
          Tensor input = Tensor.of(embeddings, 1, tokens.length, width);
          Adaptation adaptation =
              adaptation(model.tuning(), asked, input.slice(1, 0, prompt.length()));
          Tensor hidden = hidden(model, input, adaptation);
          int vocabulary = model.llama().config().vocabularySize();
          float[] logits = model.llama().logits(hidden).toFloats();
          double[][] rows = new double[tokens.length][vocabulary];
          for (int t = 0; t < tokens.length; t++) {
            double sum = 0;
            for (int v = 0; v < vocabulary; v++) {
              sum += Math.exp(logits[t * vocabulary + v]);
            }
            for (int v = 0; v < vocabulary; v++) {
              rows[t][v] = logits[t * vocabulary + v] - Math.log(sum);
            }
          }
          return rows;
        });
  }

  /** With a prefix, its columns are in a cache, and rows for them hold nothing. */
  private static Tensor hidden(PromptModel model, Tensor input, Adaptation adaptation) {
    Llama llama = model.llama();
    if (!(model.tuning() instanceof Tuning.Prefix(Tensor learned))) {
      return llama.hidden(input, Attention.causal(), adaptation);
    }
    int columns = (int) learned.size(0);
    int length = (int) input.size(1);
    KvCache cache = PrefixCache.of(llama, new PeftAdapter.Prefix(learned), 1, length - columns);
    Tensor positions = Tensor.arange(length, Device.CPU).slice(0, columns, length);
    Tensor real =
        llama.hidden(
            input.slice(1, columns, length),
            new Attention.Cached(cache, positions, null),
            adaptation);
    return Tensor.cat(List.of(Tensor.zeros(1, columns, input.size(2)), real), 1);
  }

  static double logLikelihood(PromptModel model, Case asked, Prompt prompt, int[] answer) {
    double[][] rows = logProbabilities(model, asked, prompt, answer);
    double sum = 0;
    for (int i = 0; i < answer.length; i++) {
      sum += rows[prompt.length() - 1 + i][answer[i]];
    }
    return sum;
  }

  /** Greedy decoding that may only follow a candidate's answer, by trying. */
  static int constrained(PromptModel model, Case asked, Prompt prompt) {
    int[] written = {};
    while (true) {
      Set<Integer> allowed = new HashSet<>();
      for (int c = 0; c < asked.candidates().length; c++) {
        int[] answer = model.encoder().answer(asked.candidates()[c], prompt);
        if (Arrays.equals(answer, written)) {
          return c;
        }
        if (answer.length > written.length
            && Arrays.equals(Arrays.copyOf(answer, written.length), written)) {
          allowed.add(answer[written.length]);
        }
      }
      double[] next =
          logProbabilities(model, asked, prompt, written)[prompt.length() - 1 + written.length];
      int best = allowed.iterator().next();
      for (int token : allowed) {
        best = next[token] > next[best] ? token : best;
      }
      written = Arrays.copyOf(written, written.length + 1);
      written[written.length - 1] = best;
    }
  }
}
