package dev.ilora.model;

import dev.ilora.llm.Attention;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.text.CandidateTrie;
import dev.ilora.text.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One pass over prompts followed by the token trees of their candidates' answers.
 *
 * <p>B queries, T tokens of the longest prompt and tree, N nodes of a tree, V vocabulary. A node
 * sees the prompt, its ancestors and itself and stands at prompt length + depth, so its hidden
 * state is what it would be if its branch stood alone.
 */
final class TreeScoring {
  private final PromptModel model;
  private final List<Query> queries;
  private final List<Prompt> prompts = new ArrayList<>();
  private final List<CandidateTrie> tries = new ArrayList<>();
  private final TokenBatch batch;

  TreeScoring(PromptModel model, List<Query> queries) {
    this.model = model;
    this.queries = queries;
    List<int[]> following = new ArrayList<>();
    for (Query query : queries) {
      Prompt prompt = model.prompt(query);
      List<int[]> answers =
          Arrays.stream(query.candidates())
              .mapToObj(item -> model.encoder().answer(item, prompt))
              .toList();
      CandidateTrie trie = new CandidateTrie(answers);
      prompts.add(prompt);
      tries.add(trie);
      following.add(trie.nodeToken());
    }
    batch = TokenBatch.of(prompts, following);
  }

  List<CandidateScores> run() {
    Device device = model.llama().device();
    Tensor embeddings = model.embeddings(batch, queries);
    Tensor hidden =
        model
            .llama()
            .hiddenAt(
                embeddings,
                new Attention.Masked(positions(device), allowed(device)),
                model.adaptation(batch, embeddings, queries, false),
                batch.positions(predicting(), device));
    Tensor logits = model.llama().logits(hidden).to(DType.F32);
    Tensor logProbabilities = logits.logSoftmax(-1);
    // Every node is a token (column) read at the position before it (row).
    List<Long> rows = new ArrayList<>();
    List<Long> columns = new ArrayList<>();
    int first = 0;
    for (CandidateTrie trie : tries) {
      int[] token = trie.nodeToken();
      int[] parent = trie.nodeParent();
      for (int n = 0; n < trie.size(); n++) {
        rows.add((long) first + parent[n] + 1);
        columns.add((long) token[n]);
      }
      first += trie.size() + 1;
    }
    long vocabulary = logProbabilities.size(1);
    long[] flat = new long[rows.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = rows.get(i) * vocabulary + columns.get(i);
    }
    float[] ofNodes =
        logProbabilities
            .reshape(-1)
            .indexSelect(0, Tensor.of(flat, flat.length).to(device))
            .toFloats();
    int[] best = logits.argmax(-1).toInts();
    return collect(ofNodes, best);
  }

  /** The prompt's last position, then every node: the positions whose next token is scored. */
  private List<int[]> predicting() {
    List<int[]> all = new ArrayList<>();
    for (int b = 0; b < prompts.size(); b++) {
      int start = prompts.get(b).length() - 1;
      int[] at = new int[tries.get(b).size() + 1];
      Arrays.setAll(at, i -> start + i);
      all.add(at);
    }
    return all;
  }

  private Tensor positions(Device device) {
    long[] positions = new long[batch.rows() * batch.length()];
    for (int b = 0; b < batch.rows(); b++) {
      int prompt = prompts.get(b).length();
      int[] depth = tries.get(b).nodeDepth();
      int start = b * batch.length();
      for (int t = 0; t < prompt; t++) {
        positions[start + t] = t;
      }
      for (int n = 0; n < depth.length; n++) {
        positions[start + prompt + n] = prompt + depth[n];
      }
    }
    return Tensor.of(positions, batch.rows(), batch.length()).to(device);
  }

  private Tensor allowed(Device device) {
    int length = batch.length();
    boolean[] allowed = new boolean[batch.rows() * length * length];
    for (int b = 0; b < batch.rows(); b++) {
      int prompt = prompts.get(b).length();
      int[] parent = tries.get(b).nodeParent();
      for (int t = 0; t < length; t++) {
        int row = (b * length + t) * length;
        allowed[row + t] = true;
        int node = t - prompt;
        if (node < 0) {
          Arrays.fill(allowed, row, row + t, true);
        } else if (node < parent.length) {
          Arrays.fill(allowed, row, row + prompt, true);
          for (int a = parent[node]; a >= 0; a = parent[a]) {
            allowed[row + prompt + a] = true;
          }
        }
      }
    }
    return Tensor.of(allowed, batch.rows(), length, length).to(device);
  }

  private List<CandidateScores> collect(float[] ofNodes, int[] best) {
    List<CandidateScores> scores = new ArrayList<>();
    int firstNode = 0;
    int firstPosition = 0;
    for (CandidateTrie trie : tries) {
      double[] likelihoods = new double[trie.candidates()];
      for (int c = 0; c < likelihoods.length; c++) {
        for (int node : trie.path(c)) {
          likelihoods[c] += ofNodes[firstNode + node];
        }
      }
      scores.add(
          new CandidateScores(
              likelihoods,
              constrained(trie, ofNodes, firstNode),
              greedy(trie, best, firstPosition)));
      firstNode += trie.size();
      firstPosition += trie.size() + 1;
    }
    return scores;
  }

  private static int constrained(CandidateTrie trie, float[] ofNodes, int firstNode) {
    int node = -1;
    for (int[] next = trie.children(node); next.length > 0; next = trie.children(node)) {
      int likeliest = next[0];
      for (int child : next) {
        if (ofNodes[firstNode + child] > ofNodes[firstNode + likeliest]) {
          likeliest = child;
        }
      }
      node = likeliest;
    }
    return trie.candidateAt(node);
  }

  private static int greedy(CandidateTrie trie, int[] best, int firstPosition) {
    int[] token = trie.nodeToken();
    int node = -1;
    for (int[] next = trie.children(node); next.length > 0; next = trie.children(node)) {
      int wanted = best[firstPosition + node + 1];
      int found = -1;
      for (int child : next) {
        found = token[child] == wanted ? child : found;
      }
      if (found < 0) {
        return -1;
      }
      node = found;
    }
    return trie.candidateAt(node);
  }
}
