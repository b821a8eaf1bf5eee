package dev.ilora.hybrid;

import dev.ilora.data.Case;

/**
 * A case to learn from.
 *
 * @param asked with its target and candidates
 * @param textOnly whether the prompt leaves out the item embeddings (LLaRA's curriculum)
 */
public record Example(Case asked, boolean textOnly) {}
