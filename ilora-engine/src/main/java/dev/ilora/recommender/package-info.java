/**
 * Sequential recommenders: Popularity, SASRec, GRU4Rec and Caser, with the layouts of the weights
 * released by LLaRA and iLoRA (64 wide, histories of 10 items, padding id = item count).
 *
 * <p>Train one and score candidates:
 *
 * <pre>{@code
 * var config = RecommenderConfig.defaults(Architecture.Model.SASREC, 10, 1);
 * var training = new RecommenderTraining("training SASRec", config, split, Device.CPU);
 * try (SequenceRecommender model = training.run(context).model()) {
 *   float[][] scores = model.candidateScores(histories, candidates);
 *   model.save(folder, Map.of("seed", 1));
 * }
 * }</pre>
 *
 * <p>Or take released weights: {@code ItemScorer.importWeights(path)}. What was saved comes back
 * with {@code ItemScorer.load(folder)}; a file whose weights do not fit its architecture exactly is
 * refused with every mistake in it.
 *
 * <p>For a language model, {@link dev.ilora.recommender.SequenceRecommender} gives the sequence
 * embedding z of a history (64 wide for SASRec and GRU4Rec, 112 for Caser) and the item embeddings.
 * Loaded and trained models do not require gradients; ask {@code weights()} for them to fine-tune.
 *
 * <p>To add a network: a record or class that permits {@code SequenceRecommender}, its shapes and
 * {@code sequenceEmbedding}, a constant in {@link dev.ilora.recommender.Architecture.Model}, and
 * the first values of its weights; the compiler names the switches to complete.
 */
package dev.ilora.recommender;
