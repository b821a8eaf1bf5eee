package dev.ilora.adapter;

/**
 * In what form an update is learned. Both choices can be made together.
 *
 * @param rankStabilised rsLoRA: the update of rank R is scaled by alpha / √R instead of alpha / R,
 *     so that higher ranks do not learn more slowly (Kalajdzievski, arXiv:2312.03732)
 * @param decomposed DoRA: the adapted matrix is brought to rows of length one and multiplied by a
 *     trained magnitude for each, so that direction and length are learned apart (Liu et al.,
 *     arXiv:2402.09353)
 */
public record LoraForm(boolean rankStabilised, boolean decomposed) {
  /** LoRA as first published. */
  public static final LoraForm PLAIN = new LoraForm(false, false);
}
