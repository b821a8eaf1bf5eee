package dev.ilora.recommend;

/**
 * One recommended item.
 *
 * @param rank from 1
 * @param item what is recommended
 * @param score see {@link Explanation#score}
 * @param share the item's probability among all candidates that were ranked: the softmax of
 *     log-likelihoods or logits, the share of counts
 */
public record Choice(int rank, CatalogueItem item, double score, double share) {}
