package dev.ilora.hybrid;

/**
 * A query with its right answer.
 *
 * @param query what is asked
 * @param target id of the item chosen, one of the query's candidates
 * @param textOnly whether the prompt leaves out the item embeddings (LLaRA's curriculum)
 */
public record Example(Query query, int target, boolean textOnly) {}
