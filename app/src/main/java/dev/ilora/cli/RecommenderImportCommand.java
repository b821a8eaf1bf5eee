package dev.ilora.cli;

import dev.ilora.Counted;
import dev.ilora.files.MakingLock;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.SequenceRecommender;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora recommender import}. */
@CommandLine.Command(
    name = "import",
    header = "Take over released weights of SASRec, GRU4Rec or Caser.",
    description = "The file's metadata must name the model and its sizes.")
final class RecommenderImportCommand implements Command {
  @Parameters(paramLabel = "WEIGHTS", description = "A .safetensors file.")
  private Path weights;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder to write.")
  private Path out;

  /** The result as JSON. */
  private record Imported(
      String recommender, int items, int width, int historyLength, String folder) {}

  @Override
  public void run(Terminal terminal) {
    try (var _ = MakingLock.refusing(out);
        SequenceRecommender model = ItemScorer.importWeights(weights)) {
      model.save(out, Map.of("importedFrom", String.valueOf(weights.getFileName())));
      int width = model.architecture().width();
      terminal.line(
          "%s, %s, %d wide, histories of %d; saved in %s"
              .formatted(
                  model.name(),
                  Counted.of(model.itemCount(), "item"),
                  width,
                  model.historyLength(),
                  out));
      terminal.json(
          new Imported(
              model.name(), model.itemCount(), width, model.historyLength(), out.toString()));
    }
  }
}
