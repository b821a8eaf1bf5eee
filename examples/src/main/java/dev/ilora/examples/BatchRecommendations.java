package dev.ilora.examples;

import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.data.Dataset;
import dev.ilora.data.UserSequence;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.recommend.BatchJob;
import dev.ilora.recommend.Catalogue;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.recommend.NamedRequest;
import dev.ilora.recommend.Recommender;
import dev.ilora.recommend.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The five best items for every user of a data set, as JSON lines.
 *
 * <p>Answers are written as they come. A job that was stopped goes on when the program is run again
 * with the same model, data and file.
 */
public final class BatchRecommendations {
  private BatchRecommendations() {}

  /** Takes the model folder, the folder of an imported data set, and the file to write. */
  public static void main(String[] args) throws IOException {
    Path model = Path.of(args[0]);
    Path data = Path.of(args[1]);
    Dataset dataset = DatasetFolder.read(data);
    Path out = Path.of(args[2]);
    try (Recommender recommender = Recommender.load(model)) {
      Catalogue catalogue = recommender.catalogue();
      Stream<NamedRequest> requests =
          dataset.users().stream()
              .map(user -> new NamedRequest(user.user(), request(user, dataset, catalogue)));
      BatchJob job = new BatchJob(recommender, out, false, Progress.NONE, Interruption.never());
      String identity = ModelFolder.hash(model) + " " + DatasetFolder.hash(dataset);
      BatchJob.Result result = job.run(requests.iterator(), dataset.users().size(), data, identity);
      System.out.printf(
          "%,d users, %.0f a second, %,d answered before%n",
          result.requests(), result.rate(), result.resumed());
    }
  }

  /** What a user chose, in the model's catalogue; both know items by the same keys. */
  private static Request request(UserSequence user, Dataset dataset, Catalogue catalogue) {
    List<CatalogueItem> history =
        Arrays.stream(user.items())
            .mapToObj(item -> catalogue.item(dataset.items().get(item).key()))
            .toList();
    return Request.history(history).user(user.user()).top(5);
  }
}
