/**
 * Ranks candidates, states every figure with its denominator, and says how sure it is.
 *
 * <p>A scorer gives one {@link dev.ilora.statistics.Outcome} a case:
 *
 * <pre>{@code
 * var rows = new ArrayList<Outcome>();
 * for (Case c : cases) {
 *   rows.add(Outcome.scored(c.index(), c.user(), c.target(), c.candidates(), scores));
 * }
 * var outcomes = new Outcomes("SASRec", 1, "scores", candidates.hash(), rows);
 * outcomes.write(run.resolve("outcomes.jsonl"));
 * Metrics metrics = Metrics.of(rows);
 * Interval hr = new Bootstrap(2_000, 1).interval(rows, Metric.HR_1);
 * }</pre>
 *
 * <p><b>Denominators.</b> {@code hr@k}, {@code ndcg@k} and {@code mrr} divide by all rows. The
 * paper's figures stand beside them under their own names: {@code validRatio} (answers that name a
 * candidate, over all rows) and {@code paperHr@1} (hits over rows with a valid answer). An answer
 * is valid here if, trimmed, it is exactly one candidate's title. The released code of the papers
 * instead looks for candidate titles anywhere inside the lower-cased answer and calls it valid if
 * exactly one is found, so the right answer "Alien 3" is invalid where "Alien" is a candidate too;
 * its figures are {@code referenceValidRatio} and {@code referenceHr@1}.
 *
 * <p><b>Ties.</b> {@link dev.ilora.statistics.Ranking} breaks them by a fixed pseudo-random key of
 * (row, item): a scorer that cannot tell candidates apart gets chance, whatever order they stand
 * in.
 *
 * <p><b>Intervals and tests.</b> {@link dev.ilora.statistics.Bootstrap} resamples users, since rows
 * of one user are not independent; {@link dev.ilora.statistics.PairedTest} compares two methods on
 * the same rows and refuses different ones.
 */
package dev.ilora.statistics;
