package dev.ilora.examples;

import dev.ilora.config.Config;
import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.data.ingest.Importer;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.statistics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From a log of interactions to a model folder: import, train, evaluate, export.
 *
 * <p>The log is a folder with {@code interactions.csv} (columns user, item and, where known, rating
 * and time) and {@code items.csv} (item, title). What is trained is a recipe, here SASRec; {@code
 * key=value} words change it, and {@code method=ilora} with the settings of {@code
 * recipes/ilora.yaml} adapts a language model instead. Run again after an interruption, the program
 * goes on where it was.
 */
public final class TrainFromALog {
  private TrainFromALog() {}

  /** Takes the folder of the log, a folder for all results, and words that change the recipe. */
  public static void main(String[] args) throws IOException {
    Path results = Path.of(args[1]);
    Dataset dataset = Importer.read(Path.of(args[0]));
    Path data = results.resolve("data");
    DatasetFolder.write(dataset, data);
    System.out.printf(
        "%,d users, %,d items, %,d interactions%n",
        dataset.users().size(), dataset.itemCount(), dataset.interactionCount());

    List<String> settings = new ArrayList<>(List.of("method=sasrec", "data=" + data));
    settings.addAll(Arrays.asList(args).subList(2, args.length));
    Recipe recipe = Config.bind(Recipe.class, settings);
    Experiment experiment = Experiment.begin(recipe, new Workspace(results.resolve("runs")));
    experiment.prepare();
    experiment.train();
    Metrics metrics = experiment.evaluate();
    System.out.printf("%s on %,d test rows: %s%n", recipe.label(), metrics.rows(), metrics.byKey());

    Path model = results.resolve("model");
    Experiment.export(experiment.folder().path(), model, false);
    System.out.println("The model is in " + model);
  }
}
