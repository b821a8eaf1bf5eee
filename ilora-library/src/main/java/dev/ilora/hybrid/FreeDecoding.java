package dev.ilora.hybrid;

import dev.ilora.data.Case;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Generation;
import dev.ilora.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Greedy decoding after the prompts of cases, of any token. */
final class FreeDecoding {
  private static final int SPARE_TOKENS = 4;

  private final PromptModel model;
  private final List<Case> cases;
  private final TokenBatch tokens;

  FreeDecoding(PromptModel model, List<Case> cases) {
    this.model = model;
    this.cases = cases;
    this.tokens = TokenBatch.of(cases.stream().map(model::prompt).toList());
  }

  /** See {@link PromptModel#generate}. */
  List<String> texts() {
    int room = model.llama().config().maxPositions() - tokens.length();
    int length = Math.max(1, Math.min(room, longestAnswer() + SPARE_TOKENS));
    var options =
        Generation.Options.of(length, Set.of(model.encoder().end()[0]))
            .below(model.encoder().vocabularySize());
    return greedy(options).stream()
        .map(continuation -> model.encoder().text(continuation.tokens()))
        .toList();
  }

  private int longestAnswer() {
    return cases.stream()
        .flatMapToInt(asked -> Arrays.stream(asked.candidates()))
        .map(item -> model.encoder().answer(item).length)
        .max()
        .orElse(1);
  }

  /** See {@link PromptModel#greedy}. */
  List<Generation.Continuation> greedy(Generation.Options options) {
    EmbeddedBatch batch = model.embedded(tokens, cases, false);
    return new Generation(model.llama(), options).greedy(batch.prompts(), batch.adaptation());
  }

  /** See {@link PromptModel#nextLogits}. */
  Tensor nextLogits() {
    EmbeddedBatch batch = model.embedded(tokens, cases, false);
    Tensor hidden =
        model
            .llama()
            .hiddenAt(
                batch.embeddings(),
                Attention.causal(tokens.lengths()),
                batch.adaptation(),
                batch.prompts().lastPositions());
    return model.llama().scores(hidden);
  }
}
