package dev.ilora.runs;

import java.util.Locale;

/**
 * The methods a recipe can name, in the order of the papers' tables. This is the one place that
 * names them: recipes, runs, tables and benches take their names from here.
 */
public enum Method {
  /** Items by their number of training interactions. */
  POPULARITY("Popularity"),
  /** Hidasi et al., arXiv:1511.06939. */
  GRU4REC("GRU4Rec"),
  /** Tang and Wang, arXiv:1809.07426. */
  CASER("Caser"),
  /** Kang and McAuley, arXiv:1808.09781. */
  SASREC("SASRec"),
  /** The frozen language model, asked. */
  ZERO_SHOT("Zero-shot LLM"),
  /** Text-only prompts and plain LoRA: Bao et al., arXiv:2305.00447. */
  TALLREC("TALLRec"),
  /** Hybrid prompts and plain LoRA: Liao et al., arXiv:2312.02445. */
  LLARA("LLaRA"),
  /** Hybrid prompts and instance-wise LoRA: Kong et al., arXiv:2408.10159. */
  ILORA("iLoRA");

  private final String label;

  Method(String label) {
    this.label = label;
  }

  /** The name in tables. */
  public String label() {
    return label;
  }

  /** The name in recipes, and of the recipe files that come with ilora: {@code zero-shot}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether a language model answers. */
  public boolean asksLanguageModel() {
    return switch (this) {
      case POPULARITY, GRU4REC, CASER, SASREC -> false;
      case ZERO_SHOT, TALLREC, LLARA, ILORA -> true;
    };
  }

  /** Whether the method's language model is adapted by training. */
  public boolean adapts() {
    return asksLanguageModel() && this != ZERO_SHOT;
  }
}
