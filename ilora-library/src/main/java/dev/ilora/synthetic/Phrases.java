package dev.ilora.synthetic;

import dev.ilora.tokenizer.Tokenizer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens of phrases, remembered: there are some thousands, said again and again. */
final class Phrases {
  private final Tokenizer tokenizer;
  private final Map<String, int[]> known = new ConcurrentHashMap<>();

  Phrases(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  int[] tokens(String phrase) {
    return known.computeIfAbsent(phrase, tokenizer::encode);
  }

  /** Tokens of what is hardly said twice. */
  int[] once(String text) {
    return tokenizer.encode(text);
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }
}
