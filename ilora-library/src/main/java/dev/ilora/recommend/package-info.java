/**
 * A trained model in a folder, loaded once and asked from any thread.
 *
 * {@snippet lang="java" :
 * try (Recommender films = Recommender.load(Path.of("films-model"))) {
 *   Catalogue catalogue = films.catalogue();
 *   Ranking ranking =
 *       films.recommend(
 *           Request.history(catalogue.find("Alien"), catalogue.find("Blade Runner")).top(5));
 *   for (Choice choice : ranking) {
 *     System.out.println(choice.rank() + " " + choice.item().title());
 *   }
 * }
 * }
 *
 * <p>Items are named by the owner's keys; {@link dev.ilora.recommend.Catalogue} finds them by key
 * or title. {@link dev.ilora.recommend.ModelFolder} describes the folder. {@link
 * dev.ilora.recommend.BatchJob} answers many requests into a file and goes on after an
 * interruption.
 */
package dev.ilora.recommend;
