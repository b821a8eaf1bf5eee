package dev.ilora.tokenizer;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Counts of neighbouring tokens over distinct pieces of text, kept up to date merge by merge: a
 * merge visits only the pieces that hold its pair.
 */
final class PairMerger {
  private record Entry(long pair, long count) {}

  private static final Comparator<Entry> MOST_FREQUENT =
      Comparator.comparingLong(Entry::count).reversed().thenComparingLong(Entry::pair);

  private final int[][] pieces;
  private final long[] weights;
  private final Map<Long, Long> counts = new HashMap<>();
  private final Map<Long, TokenList> occurrences = new HashMap<>();
  private final PriorityQueue<Entry> queue = new PriorityQueue<>(MOST_FREQUENT);
  private long chosen;

  /**
   * Starts from single bytes.
   *
   * @param pieceCounts how often each piece of text occurs
   */
  PairMerger(Map<String, Integer> pieceCounts) {
    pieces = new int[pieceCounts.size()][];
    weights = new long[pieces.length];
    int index = 0;
    for (Map.Entry<String, Integer> piece : pieceCounts.entrySet()) {
      int[] tokens = ByteAlphabet.bytes(piece.getKey());
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = BpeTrainer.byteToken(tokens[i]);
      }
      pieces[index] = tokens;
      weights[index] = piece.getValue();
      for (int i = 0; i + 1 < tokens.length; i++) {
        change(pair(tokens[i], tokens[i + 1]), weights[index], index);
      }
      index++;
    }
    counts.forEach((pair, count) -> queue.add(new Entry(pair, count)));
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  private void change(long pair, long by, int piece) {
    counts.merge(pair, by, Long::sum);
    if (by > 0) {
      occurrences.computeIfAbsent(pair, absent -> new TokenList()).add(piece);
    }
  }

  int left() {
    return (int) (chosen >>> 32);
  }

  int right() {
    return (int) chosen;
  }

  /** Chooses the most frequent pair; false when no piece holds two tokens. */
  boolean next() {
    while (!queue.isEmpty()) {
      Entry best = queue.poll();
      long count = counts.getOrDefault(best.pair, 0L);
      if (count == best.count && count > 0) {
        chosen = best.pair;
        return true;
      }
      if (count > 0) {
        queue.add(new Entry(best.pair, count));
      }
    }
    return false;
  }

  /** Replaces the chosen pair by one token everywhere. */
  void merge(int token) {
    Set<Long> grown = new HashSet<>();
    for (int piece : occurrences.remove(chosen).toArray()) {
      mergeIn(piece, token, grown);
    }
    counts.remove(chosen);
    grown.forEach(pair -> queue.add(new Entry(pair, counts.get(pair))));
  }

  private void mergeIn(int piece, int token, Set<Long> grown) {
    int[] before = pieces[piece];
    TokenList after = new TokenList();
    for (int i = 0; i < before.length; i++) {
      boolean here = i + 1 < before.length && pair(before[i], before[i + 1]) == chosen;
      after.add(here ? token : before[i]);
      i += here ? 1 : 0;
    }
    if (after.size() == before.length) {
      return;
    }
    int[] now = after.toArray();
    pieces[piece] = now;
    for (int i = 0; i + 1 < before.length; i++) {
      counts.merge(pair(before[i], before[i + 1]), -weights[piece], Long::sum);
    }
    for (int i = 0; i + 1 < now.length; i++) {
      long pair = pair(now[i], now[i + 1]);
      if (now[i] == token || now[i + 1] == token) {
        change(pair, weights[piece], piece);
        grown.add(pair);
      } else {
        counts.merge(pair, weights[piece], Long::sum);
      }
    }
  }
}
