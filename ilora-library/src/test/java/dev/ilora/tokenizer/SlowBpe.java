package dev.ilora.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/** Byte-pair training and encoding in the most obvious way: recount everything after each merge. */
final class SlowBpe {
  private final List<String> merges = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<String, Integer> ranks = new HashMap<>();

  SlowBpe() {
    int id = 0;
    for (String special : List.of("<pad>", "<s>", "</s>", "<slot>")) {
      ids.put(special, id++);
    }
    for (int value = 0; value < 256; value++) {
      ids.put(String.valueOf(ByteAlphabet.character(value)), id++);
    }
  }

  static SlowBpe of(Map<String, Integer> ids, List<String> merges) {
    SlowBpe bpe = new SlowBpe();
    bpe.ids.clear();
    bpe.ids.putAll(ids);
    bpe.merges.addAll(merges);
    return bpe;
  }

  static SlowBpe train(List<String> lines, int vocabularySize) {
    SlowBpe bpe = new SlowBpe();
    List<List<String>> words = new ArrayList<>();
    for (String line : lines) {
      words.addAll(pieces(line));
    }
    while (bpe.ids.size() < vocabularySize) {
      String[] best = bpe.mostFrequent(words);
      if (best.length == 0) {
        break;
      }
      bpe.merges.add(best[0] + " " + best[1]);
      bpe.ids.putIfAbsent(best[0] + best[1], bpe.ids.size());
      words.forEach(word -> merge(word, best[0], best[1]));
    }
    return bpe;
  }

  private String[] mostFrequent(List<List<String>> words) {
    Map<String, Integer> counts = new HashMap<>();
    for (List<String> word : words) {
      for (int i = 0; i + 1 < word.size(); i++) {
        counts.merge(word.get(i) + " " + word.get(i + 1), 1, Integer::sum);
      }
    }
    String[] best = {};
    int most = 0;
    for (var entry : counts.entrySet()) {
      String[] pair = entry.getKey().split(" ");
      int count = entry.getValue();
      if (count > most || count == most && before(pair, best)) {
        best = pair;
        most = count;
      }
    }
    return best;
  }

  private boolean before(String[] pair, String[] other) {
    int left = Integer.compare(ids.get(pair[0]), ids.get(other[0]));
    return left != 0 ? left < 0 : ids.get(pair[1]) < ids.get(other[1]);
  }

  private static List<List<String>> pieces(String text) {
    List<List<String>> pieces = new ArrayList<>();
    Matcher matcher = ByteAlphabet.PIECES.matcher(text);
    while (matcher.find()) {
      List<String> piece = new ArrayList<>();
      for (int value : ByteAlphabet.bytes(matcher.group())) {
        piece.add(String.valueOf(ByteAlphabet.character(value)));
      }
      pieces.add(piece);
    }
    return pieces;
  }

  private static void merge(List<String> word, String left, String right) {
    for (int i = 0; i + 1 < word.size(); i++) {
      if (word.get(i).equals(left) && word.get(i + 1).equals(right)) {
        word.set(i, left + right);
        word.remove(i + 1);
      }
    }
  }

  int[] encode(String text) {
    TokenList tokens = new TokenList();
    if (ranks.isEmpty()) {
      merges.forEach(merge -> ranks.put(merge, ranks.size()));
    }
    for (List<String> piece : pieces(text)) {
      while (true) {
        int best = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < piece.size(); i++) {
          best =
              Math.min(
                  best,
                  ranks.getOrDefault(piece.get(i) + " " + piece.get(i + 1), Integer.MAX_VALUE));
        }
        if (best == Integer.MAX_VALUE) {
          break;
        }
        String[] pair = merges.get(best).split(" ");
        merge(piece, pair[0], pair[1]);
      }
      piece.forEach(token -> tokens.add(ids.get(token)));
    }
    return tokens.toArray();
  }

  int size() {
    return ids.size();
  }
}
