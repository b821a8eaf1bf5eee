/**
 * A recommender, a projector, a gate, adapters and a frozen language model joined into one.
 *
 * <p>A {@link dev.ilora.data.Case} (user, history, candidates) becomes a prompt with places for
 * embeddings; {@link dev.ilora.hybrid.PromptModel} fills them with the recommender's projected item
 * embeddings, weighs the experts by the gate, and gives either the loss of an answer (training) or
 * the likelihood of every candidate's title (scoring). {@link dev.ilora.hybrid.PromptModelFiles}
 * keeps the trained parts in a folder.
 */
package dev.ilora.hybrid;
