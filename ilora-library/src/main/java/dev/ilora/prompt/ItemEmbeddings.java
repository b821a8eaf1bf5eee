package dev.ilora.prompt;

/**
 * How a prompt carries the recommender's embeddings of items, beside their titles. Whether it also
 * has a slot for the user's own embedding is a choice apart.
 *
 * <p>Source of {@link #SLOT}: Liao et al., LLaRA, arXiv:2312.02445, section 3.2 (hybrid prompting);
 * {@link #NONE} is the text-only prompt of TALLRec, arXiv:2305.00447.
 */
public enum ItemEmbeddings {
  /** Titles alone. */
  NONE,
  /** One slot token after each title, replaced by the item's projected embedding (the papers'). */
  SLOT,
  /** The item's projected embedding is added to every token of its title. */
  TITLE_TOKENS,
  /** Both: added to every token of the title, and a slot after it. */
  SLOT_AND_TITLE;

  boolean slotAfterTitle() {
    return this == SLOT || this == SLOT_AND_TITLE;
  }

  /** Whether projected embeddings are added to the tokens of titles. */
  public boolean addedToTitle() {
    return this == TITLE_TOKENS || this == SLOT_AND_TITLE;
  }
}
