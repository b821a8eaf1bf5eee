package dev.ilora.hybrid;

import dev.ilora.adapter.Adaptation;
import dev.ilora.data.Case;
import dev.ilora.llm.Attention;
import dev.ilora.llm.KvCache;
import dev.ilora.llm.Llama;
import dev.ilora.prompt.CandidateTrie;
import dev.ilora.prompt.Prompt;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The prompts of a batch, read once: passes over what may follow look at their keys and values
 * instead of computing them again.
 *
 * <p>B cases, T tokens of the longest prompt, N tokens that may follow, C width. Keys and values
 * depend on the expert weights, so they serve these cases alone.
 */
final class PromptPass {
  private final Llama llama;
  private final List<Prompt> prompts;
  private final List<CandidateTrie> tries;
  private final Adaptation adaptation;
  private final KvCache cache;
  private final Tensor last;

  /** Reads the prompts of cases; everything belongs to the scope open now. */
  static PromptPass of(PromptModel model, List<Case> cases) {
    List<Prompt> prompts = new ArrayList<>();
    List<CandidateTrie> tries = new ArrayList<>();
    for (Case asked : cases) {
      Prompt prompt = model.prompt(asked);
      prompts.add(prompt);
      tries.add(
          new CandidateTrie(
              Arrays.stream(asked.candidates())
                  .mapToObj(item -> model.encoder().answer(item, prompt))
                  .toList()));
    }
    EmbeddedBatch batch = model.embedded(TokenBatch.of(prompts), cases, false);
    return new PromptPass(model.llama(), prompts, tries, batch);
  }

  /**
   * The same candidates where nothing was asked, with the same expert weights.
   *
   * @param model whose prompts they are
   */
  PromptPass unasked(PromptModel model) {
    List<Prompt> all = Collections.nCopies(prompts.size(), model.encoder().unasked());
    TokenBatch tokens = TokenBatch.of(all);
    Tensor embeddings = model.embeddings(tokens, List.of());
    return new PromptPass(llama, all, tries, new EmbeddedBatch(tokens, embeddings, adaptation));
  }

  private PromptPass(
      Llama llama, List<Prompt> prompts, List<CandidateTrie> tries, EmbeddedBatch batch) {
    this.llama = llama;
    this.prompts = prompts;
    this.tries = tries;
    TokenBatch tokens = batch.tokens();
    adaptation = batch.adaptation().over(llama.frozenWeights());
    int room = tries.stream().mapToInt(CandidateTrie::size).max().orElse(0);
    cache = llama.newCache(tokens.rows(), tokens.length() + room);
    last =
        llama.hiddenAt(
            batch.embeddings(),
            new Attention.Prefill(cache, tokens.lengths()),
            adaptation,
            batch.prompts().lastPositions());
  }

  List<Prompt> prompts() {
    return prompts;
  }

  /** The token tree of each case's candidates. */
  List<CandidateTrie> tries() {
    return tries;
  }

  /** What the model makes of each whole prompt, (B, C). */
  Tensor last() {
    return last;
  }

  /**
   * Reads what follows the prompts, and forgets it again.
   *
   * @param tokens I64, (B, N)
   * @param depths how many of the following tokens stand before each, (B, N) row by row
   * @param allowed which of them see each other, BOOL, (B, N, N); null for those before
   * @param lengths tokens of each asked that are not padding, B values
   * @param wanted flat positions b·N + n, I64, (P)
   * @return (P, C)
   */
  Tensor follow(Tensor tokens, int[] depths, Tensor allowed, int[] lengths, Tensor wanted) {
    int length = depths.length / prompts.size();
    long[] positions = new long[depths.length];
    Arrays.setAll(positions, i -> prompts.get(i / length).length() + depths[i]);
    Tensor at = Tensor.of(positions, prompts.size(), length).to(llama.device());
    int columns = cache.columns();
    Attention attention = new Attention.Cached(cache, at, allowed, lengths);
    Tensor hidden = llama.hiddenAt(llama.embed(tokens), attention, adaptation, wanted);
    cache.truncate(columns);
    return hidden;
  }
}
