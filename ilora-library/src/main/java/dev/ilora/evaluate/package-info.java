/**
 * Ranks the candidates of cases: one evaluation for every method.
 *
 * {@snippet lang="java" :
 * Ranker ranker = new ScoreRanker(new Popularity(split.trainCounts()));
 * List<Outcome> outcomes = Evaluation.run(ranker, cases, "evaluating", Progress.NONE);
 * Metrics metrics = Metrics.of(outcomes);
 * }
 *
 * <p>A {@link dev.ilora.evaluate.Ranker} answers cases by one {@link dev.ilora.evaluate.Protocol};
 * {@link dev.ilora.evaluate.Evaluation} makes outcomes of its replies. To evaluate a method of your
 * own, implement {@code Ranker}.
 */
package dev.ilora.evaluate;
