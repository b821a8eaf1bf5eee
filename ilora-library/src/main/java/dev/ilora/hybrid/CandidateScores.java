package dev.ilora.hybrid;

/**
 * What the model says about a query's candidates.
 *
 * @param logLikelihoods natural log of the probability of each candidate's title and the end after
 *     it, given the prompt
 * @param constrained index of the candidate that greedy decoding arrives at when it may only
 *     produce candidates' titles
 * @param greedy index of the candidate that free greedy decoding writes exactly, or -1 if it writes
 *     anything else
 */
public record CandidateScores(double[] logLikelihoods, int constrained, int greedy) {}
