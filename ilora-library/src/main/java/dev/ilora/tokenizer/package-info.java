/**
 * Tokenizers; prompts with slots for item embeddings; examples to pretrain on. Pure Java but for
 * the native reader of tokenizer.json; nothing here reaches for the network.
 *
 * <p>A base model's own tokenizer is opened from its folder:
 *
 * {@snippet lang="java" :
 * PromptTemplate template = PromptTemplate.named("movie");
 * try (Tokenizer tokenizer = Tokenizer.open(folder)) {
 *   var encoder = new PromptEncoder(tokenizer, template, titles, ItemEmbeddings.SLOT, 1024);
 *   Prompt prompt = encoder.encode(history, candidates);
 *   int[] answer = encoder.answer(target, prompt);
 * }
 * }
 *
 * <p>A {@link dev.ilora.text.Prompt} says at which positions an embedding replaces the token's own,
 * or is added to it: {@link dev.ilora.text.ItemEmbeddings} lists the forms. Titles are tokenised
 * once and have the same tokens wherever they stand; what had to be cut to fit the model's context
 * is counted, never silent. {@link dev.ilora.text.PromptTemplate} describes template files.
 *
 * <p>To score all candidates in one pass, {@link dev.ilora.text.CandidateTrie} joins their answers
 * into a tree; it also tells which tokens may come next when only a candidate's title may be
 * written.
 *
 * <p>{@link dev.ilora.text.BpeTrainer} makes a tokenizer for lines of text; {@link
 * dev.ilora.text.ExampleWriter} collects the tokens, weights and answers of a text to pretrain on.
 */
package dev.ilora.tokenizer;
