package dev.ilora.hybrid;

import dev.ilora.data.Case;
import dev.ilora.llm.TokenScores;
import dev.ilora.prompt.CandidateTrie;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Scores candidates in two passes: over the prompts, and over the token trees of the candidates'
 * answers, whose nodes see the prompt, their ancestors and themselves and stand at prompt length +
 * depth. A node's hidden state is therefore what it would be if its branch stood alone.
 *
 * <p>Source: tree attention, Miao et al. (SpecInfer), arXiv:2305.09781.
 */
final class TreeScoring {
  private TreeScoring() {}

  static List<CandidateScores> run(PromptModel model, List<Case> cases, LikelihoodForm form) {
    PromptPass pass = PromptPass.of(model, cases);
    TreeBatch trees = new TreeBatch(pass.tries());
    TokenScores nodes = nodes(model, pass, trees);
    Optional<TokenScores> unasked =
        form == LikelihoodForm.PMI
            ? Optional.of(nodes(model, pass.unasked(model), trees))
            : Optional.empty();
    List<CandidateScores> scores = new ArrayList<>();
    int first = 0;
    for (CandidateTrie trie : pass.tries()) {
      scores.add(
          new CandidateScores(
              formed(trie, nodes, unasked, form, first),
              constrained(trie, nodes, first),
              greedy(trie, nodes, first)));
      first += trie.size();
    }
    return scores;
  }

  private static TokenScores nodes(PromptModel model, PromptPass pass, TreeBatch trees) {
    return TokenScores.of(
        model.llama(),
        hidden(pass, trees, model.llama().device()),
        trees.predictedFrom(),
        trees.predicted(),
        model.encoder().vocabularySize());
  }

  private static double[] formed(
      CandidateTrie trie,
      TokenScores nodes,
      Optional<TokenScores> unasked,
      LikelihoodForm form,
      int first) {
    double[] scores = logLikelihoods(trie, nodes, first);
    switch (form) {
      case SUM -> {}
      case MEAN -> Arrays.setAll(scores, c -> scores[c] / trie.path(c).length);
      case PMI -> {
        double[] before = logLikelihoods(trie, unasked.orElseThrow(), first);
        Arrays.setAll(scores, c -> scores[c] - before[c]);
      }
    }
    return scores;
  }

  private static Tensor hidden(PromptPass pass, TreeBatch trees, Device device) {
    Tensor inner =
        pass.follow(
            trees.tokens(device),
            trees.depths(),
            trees.allowed(device),
            trees.lengths(),
            trees.real(device));
    return Tensor.cat(List.of(pass.last(), inner), 0);
  }

  private static double[] logLikelihoods(CandidateTrie trie, TokenScores nodes, int first) {
    double[] sums = new double[trie.candidates()];
    for (int c = 0; c < sums.length; c++) {
      for (int node : trie.path(c)) {
        sums[c] += nodes.logProbabilities()[first + node];
      }
    }
    return sums;
  }

  private static int constrained(CandidateTrie trie, TokenScores nodes, int first) {
    float[] likely = nodes.logProbabilities();
    int node = -1;
    for (int[] next = trie.children(node); next.length > 0; next = trie.children(node)) {
      int likeliest = next[0];
      for (int child : next) {
        if (likely[first + child] > likely[first + likeliest]) {
          likeliest = child;
        }
      }
      node = likeliest;
    }
    return trie.candidateAt(node);
  }

  private static int greedy(CandidateTrie trie, TokenScores nodes, int first) {
    int node = -1;
    for (int[] next = trie.children(node); next.length > 0; next = trie.children(node)) {
      int found = -1;
      for (int child : next) {
        found = nodes.likeliest()[first + child] ? child : found;
      }
      if (found < 0) {
        return -1;
      }
      node = found;
    }
    return trie.candidateAt(node);
  }
}
