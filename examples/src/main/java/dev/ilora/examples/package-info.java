/**
 * Small programs, each of which shows one use of the library.
 *
 * <ul>
 *   <li>{@link dev.ilora.examples.LoadAndRecommend}: load a model and ask it;
 *   <li>{@link dev.ilora.examples.TrainFromALog}: from a log of interactions to a model;
 *   <li>{@link dev.ilora.examples.YourOwnEvaluation}: a method of your own, compared fairly;
 *   <li>{@link dev.ilora.examples.BatchRecommendations}: answers for all users, in one file.
 * </ul>
 */
package dev.ilora.examples;
