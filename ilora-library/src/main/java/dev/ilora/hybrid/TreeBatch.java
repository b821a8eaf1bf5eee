package dev.ilora.hybrid;

import dev.ilora.prompt.CandidateTrie;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The inner nodes of token trees, right-padded to one length. Leaves are predicted, but nothing is
 * predicted after them: they need no forward pass.
 *
 * <p>B trees, N inner nodes of the largest, M nodes of all trees together, leaves included. Hidden
 * states are expected in this order: the B prompts' last ones, then the inner nodes tree by tree.
 */
final class TreeBatch {
  private final List<CandidateTrie> tries;
  private final List<int[]> inner;
  private final int length;

  TreeBatch(List<CandidateTrie> tries) {
    this.tries = tries;
    inner = tries.stream().map(CandidateTrie::innerNodes).toList();
    length = inner.stream().mapToInt(nodes -> nodes.length).max().orElse(0);
  }

  /** N. */
  int length() {
    return length;
  }

  /** Inner nodes of each tree, B values. */
  int[] lengths() {
    return inner.stream().mapToInt(nodes -> nodes.length).toArray();
  }

  /** Token ids, (B, N), 0 where padded. */
  Tensor tokens(Device device) {
    long[] tokens = new long[inner.size() * length];
    for (int b = 0; b < inner.size(); b++) {
      int[] token = tries.get(b).nodeToken();
      for (int n = 0; n < inner.get(b).length; n++) {
        tokens[b * length + n] = token[inner.get(b)[n]];
      }
    }
    return Tensor.of(tokens, inner.size(), length).to(device);
  }

  /** How many nodes lie above each, (B, N) row by row, 0 where padded. */
  int[] depths() {
    int[] depths = new int[inner.size() * length];
    for (int b = 0; b < inner.size(); b++) {
      int[] depth = tries.get(b).nodeDepth();
      for (int n = 0; n < inner.get(b).length; n++) {
        depths[b * length + n] = depth[inner.get(b)[n]];
      }
    }
    return depths;
  }

  /** Each node sees itself and its ancestors, (B, N, N). */
  Tensor allowed(Device device) {
    boolean[] allowed = new boolean[inner.size() * length * length];
    for (int b = 0; b < inner.size(); b++) {
      int[] parent = tries.get(b).nodeParent();
      int[] place = places(b);
      for (int n = 0; n < length; n++) {
        int row = (b * length + n) * length;
        allowed[row + n] = true;
        if (n < inner.get(b).length) {
          for (int above = parent[inner.get(b)[n]]; above >= 0; above = parent[above]) {
            allowed[row + place[above]] = true;
          }
        }
      }
    }
    return Tensor.of(allowed, inner.size(), length, length).to(device);
  }

  /** Where each inner node of a tree stands among them. */
  private int[] places(int tree) {
    int[] places = new int[tries.get(tree).size()];
    for (int n = 0; n < inner.get(tree).length; n++) {
      places[inner.get(tree)[n]] = n;
    }
    return places;
  }

  /** Flat positions b·N + n of all nodes that are not padding. */
  Tensor real(Device device) {
    List<Long> real = new ArrayList<>();
    for (int b = 0; b < inner.size(); b++) {
      for (int n = 0; n < inner.get(b).length; n++) {
        real.add((long) b * length + n);
      }
    }
    return Tensor.of(real.stream().mapToLong(Long::longValue).toArray(), real.size()).to(device);
  }

  /** The hidden state that predicts each node of each tree, (M). */
  int[] predictedFrom() {
    List<Integer> from = new ArrayList<>();
    int before = inner.size();
    for (int b = 0; b < inner.size(); b++) {
      int[] place = places(b);
      for (int parent : tries.get(b).nodeParent()) {
        from.add(parent < 0 ? b : before + place[parent]);
      }
      before += inner.get(b).length;
    }
    return from.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The token of each node of each tree, (M). */
  int[] predicted() {
    return tries.stream().flatMapToInt(trie -> Arrays.stream(trie.nodeToken())).toArray();
  }
}
