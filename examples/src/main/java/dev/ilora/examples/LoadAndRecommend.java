package dev.ilora.examples;

import dev.ilora.recommend.Catalogue;
import dev.ilora.recommend.Choice;
import dev.ilora.recommend.Ranking;
import dev.ilora.recommend.Recommender;
import dev.ilora.recommend.Request;
import java.nio.file.Path;

/**
 * Loads a model folder and asks it once: the program of the README.
 *
 * <p>The titles are those of the demo world. To make its model and ask it:
 *
 * <pre>
 * ./ilora demo
 * ./ilora export runs/demo/ilora-seed1 --out demo-model
 * java -cp ... dev.ilora.examples.LoadAndRecommend demo-model
 * </pre>
 */
public final class LoadAndRecommend {
  private LoadAndRecommend() {}

  /** Takes the model folder. */
  public static void main(String[] args) {
    // README: begin
    try (Recommender films = Recommender.load(Path.of(args[0]))) {
      Catalogue catalogue = films.catalogue();
      Ranking ranking =
          films.recommend(
              Request.history(catalogue.find("Lucky Comet"), catalogue.find("Clever Garden"))
                  .top(5));
      for (Choice choice : ranking) {
        System.out.printf(
            "%d  %-20s %4.1f %%%n", choice.rank(), choice.item().title(), 100 * choice.share());
      }
    }
    // README: end
  }
}
