/**
 * Prompts: a history and candidates as token ids, with slots for embeddings.
 *
 * {@snippet lang="java" :
 * PromptTemplate template = PromptTemplate.named("movie");
 * var encoder = new PromptEncoder(tokenizer, template, titles, ItemEmbeddings.SLOT, 1024);
 * Prompt prompt = encoder.encode(history, candidates);
 * int[] answer = encoder.answer(target, prompt);
 * }
 *
 * <p>A {@link dev.ilora.prompt.Prompt} says at which positions an embedding replaces the token's
 * own or is added to it; {@link dev.ilora.prompt.ItemEmbeddings} lists the forms. A title is
 * tokenised once and has the same tokens everywhere. What had to be truncated to fit the model's
 * context is counted.
 *
 * <p>To score all candidates in one pass, {@link dev.ilora.prompt.CandidateTrie} joins their titles
 * into a tree. It also says which tokens may come next when only a candidate's title may be
 * written.
 */
package dev.ilora.prompt;
