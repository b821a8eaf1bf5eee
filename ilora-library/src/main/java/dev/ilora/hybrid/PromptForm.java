package dev.ilora.hybrid;

import dev.ilora.adapter.Guidance;
import dev.ilora.prompt.ChatUse;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.recommender.ItemVectors;

/**
 * How a model was asked in its training, and so must be asked afterwards.
 *
 * @param embeddings how item embeddings stand in prompts
 * @param vectors which of the recommender's vectors of items they are
 * @param userSlot whether prompts have a slot for the user's sequence embedding
 * @param chat whether prompts are put as the model's chat template puts them
 * @param guidance what the gate looks at
 * @param guidanceSeed of {@link Guidance#RANDOM}
 * @param likelihood what of the titles' likelihood ranks them
 */
public record PromptForm(
    ItemEmbeddings embeddings,
    ItemVectors vectors,
    boolean userSlot,
    ChatUse chat,
    Guidance guidance,
    long guidanceSeed,
    LikelihoodForm likelihood) {}
