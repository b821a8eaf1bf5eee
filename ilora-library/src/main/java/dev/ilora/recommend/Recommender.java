package dev.ilora.recommend;

import dev.ilora.recommender.ItemScorer;
import java.nio.file.Path;
import java.util.List;

/**
 * A trained model that recommends items: Popularity, SASRec, GRU4Rec, Caser or a language model,
 * all asked in the same way.
 *
 * <pre>{@code
 * try (Recommender films = Recommender.load(Path.of("films-model"))) {
 *   Catalogue catalogue = films.catalogue();
 *   Ranking ranking =
 *       films.recommend(
 *           Request.history(catalogue.find("Alien"), catalogue.find("Blade Runner")).top(5));
 * }
 * }</pre>
 *
 * <p>Load a model once and keep it: loading reads and checks all files, a request reads none. All
 * methods may be called from any thread. Requests of several threads take turns, also those to
 * different models of one process, and each uses all cores. {@link #close} waits for the request
 * that is answered; whoever asks afterwards gets an {@link IllegalStateException}. Many requests at
 * once are answered faster by {@link #recommend(List)}. The order in which candidates are given
 * never changes the answer, nor do the other requests of a list beyond rounding.
 */
public interface Recommender extends AutoCloseable {
  /**
   * Loads a model folder, as {@code ilora export} writes it.
   *
   * @throws dev.ilora.BadInputException if the folder is incomplete, a file was changed, a later
   *     version wrote it, or its language model is not found
   */
  static Recommender load(Path folder) {
    return load(folder, LoadOptions.DEFAULT);
  }

  /**
   * Loads a model folder.
   *
   * @param options where the language model is, and what to compute on
   * @throws dev.ilora.BadInputException as {@link #load(Path)}
   * @throws IllegalArgumentException if the device is unknown or absent
   */
  static Recommender load(Path folder, LoadOptions options) {
    return ModelFolder.load(folder, options);
  }

  /**
   * A recommender from a scorer and the items it scores.
   *
   * @param scorer belongs to the recommender afterwards and is closed with it
   * @throws IllegalArgumentException if they differ in their number of items
   */
  static Recommender of(ItemScorer scorer, Catalogue catalogue, ModelCard card) {
    return new ScoringRecommender(scorer, catalogue, card);
  }

  /** The items it knows. */
  Catalogue catalogue();

  /** What it is and where it comes from. */
  ModelCard card();

  /**
   * Answers one request.
   *
   * @throws IllegalArgumentException as {@link #recommend(List)}
   */
  default Ranking recommend(Request request) {
    return recommend(List.of(request)).getFirst();
  }

  /**
   * Answers requests together.
   *
   * @return a ranking for each, in their order
   * @throws IllegalArgumentException if an item is not in the catalogue, a history is empty where
   *     the method needs one, or nothing is left to rank; the message names the request by its
   *     place
   */
  List<Ranking> recommend(List<Request> requests);

  /** Frees the model's memory. The model cannot be asked afterwards. */
  @Override
  void close();
}
