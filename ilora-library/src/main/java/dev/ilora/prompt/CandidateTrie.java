package dev.ilora.prompt;

import dev.ilora.tokenizer.TokenList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The token tree of a prompt's possible answers: shared beginnings are stored once, so that one
 * forward pass over the prompt and all N nodes scores every candidate, each node attending to the
 * prompt, its ancestors and itself, at position {@code prompt length + depth}.
 *
 * <p>Nodes are numbered so that a parent comes before its children. The root is the end of the
 * prompt and is not a node. With {@code logp(node)} the log-probability of a node's token given the
 * prompt and its ancestors, a candidate's log-likelihood is the sum over {@link #path}.
 */
public final class CandidateTrie {
  private static final int ROOT = -1;

  private final int[] nodeToken;
  private final int[] nodeParent;
  private final int[] nodeDepth;
  private final int[] terminalOf;
  private final List<int[]> children;

  /**
   * Builds the tree of the given answers.
   *
   * @param answers token ids of each candidate's answer, none empty; equal answers end in one node
   * @throws IllegalArgumentException if there is no answer or one is empty
   */
  public CandidateTrie(List<int[]> answers) {
    if (answers.isEmpty()) {
      throw new IllegalArgumentException("expected at least 1 answer, got 0");
    }
    TokenList tokens = new TokenList();
    TokenList parents = new TokenList();
    TokenList depths = new TokenList();
    List<TokenList> below = new ArrayList<>(List.of(new TokenList()));
    Map<Long, Integer> edges = new HashMap<>();
    terminalOf = new int[answers.size()];
    for (int candidate = 0; candidate < terminalOf.length; candidate++) {
      int[] answer = answers.get(candidate);
      if (answer.length == 0) {
        throw new IllegalArgumentException("the answer of candidate " + candidate + " is empty");
      }
      int node = ROOT;
      for (int depth = 0; depth < answer.length; depth++) {
        int parent = node;
        int token = answer[depth];
        Integer known = edges.get(edge(parent, token));
        if (known == null) {
          known = tokens.size();
          edges.put(edge(parent, token), known);
          tokens.add(token);
          parents.add(parent);
          depths.add(depth);
          below.get(parent + 1).add(known);
          below.add(new TokenList());
        }
        node = known;
      }
      terminalOf[candidate] = node;
    }
    nodeToken = tokens.toArray();
    nodeParent = parents.toArray();
    nodeDepth = depths.toArray();
    children = below.stream().map(TokenList::toArray).toList();
  }

  private static long edge(int parent, int token) {
    return (long) parent << 32 | token & 0xffffffffL;
  }

  /** Returns the number of nodes, N. */
  public int size() {
    return nodeToken.length;
  }

  /** Returns the number of candidates. */
  public int candidates() {
    return terminalOf.length;
  }

  /** Returns the token id of each node, (N). */
  public int[] nodeToken() {
    return nodeToken.clone();
  }

  /** Returns each node's parent, (N); -1 where the parent is the end of the prompt. */
  public int[] nodeParent() {
    return nodeParent.clone();
  }

  /** Returns how many nodes lie above each node, (N). */
  public int[] nodeDepth() {
    return nodeDepth.clone();
  }

  /** Returns the node at which each candidate's answer ends, one per candidate. */
  public int[] terminalOf() {
    return terminalOf.clone();
  }

  /** Returns the nodes that have children, ascending: those after which something may come. */
  public int[] innerNodes() {
    return IntStream.range(0, size()).filter(node -> children.get(node + 1).length > 0).toArray();
  }

  /** Returns the nodes below a node, or the first nodes for -1: the tokens that may come next. */
  public int[] children(int node) {
    return children.get(node + 1).clone();
  }

  /** Returns the nodes of a candidate's answer, first token first. */
  public int[] path(int candidate) {
    return pathTo(terminalOf[candidate]);
  }

  /** Returns a node and those above it, first token first. */
  public int[] pathTo(int node) {
    int[] path = new int[nodeDepth[node] + 1];
    int above = node;
    for (int i = path.length - 1; i >= 0; i--) {
      path[i] = above;
      above = nodeParent[above];
    }
    return path;
  }

  /** Returns the first candidate whose answer ends at a node, or -1. */
  public int candidateAt(int node) {
    for (int candidate = 0; candidate < terminalOf.length; candidate++) {
      if (terminalOf[candidate] == node) {
        return candidate;
      }
    }
    return -1;
  }

  /** Tells whether {@code ancestor} lies on the way from the prompt to {@code node}, or is it. */
  public boolean isAncestorOrSelf(int ancestor, int node) {
    int current = node;
    while (current > ancestor) {
      current = nodeParent[current];
    }
    return current == ancestor;
  }

  /** Returns who may attend to whom, (N, N) row by row: [i * N + j] is true if i sees j. */
  public boolean[] ancestorMask() {
    int n = size();
    boolean[] mask = new boolean[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = i; j != ROOT; j = nodeParent[j]) {
        mask[i * n + j] = true;
      }
    }
    return mask;
  }
}
