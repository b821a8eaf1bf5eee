package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.files.Folders;
import dev.ilora.files.Hashes;
import dev.ilora.files.SealedFile;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Run;
import dev.ilora.runs.RunFolder;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Files of a run that are another run's, with their seals. */
@OneThread
class RunPiecesTest {
  @TempDir Path folder;
  private MiniWorld world;

  @BeforeEach
  void writeData() throws IOException {
    world = MiniWorld.in(folder);
  }

  private Path finished(String runs, String method, String... more) {
    Experiment run = Experiment.begin(world.recipe(method, more), world.workspace(runs));
    run.prepare();
    run.train();
    run.evaluate();
    return run.folder().path();
  }

  private static String refusal(Executable attempt) {
    return assertThrows(BadInputException.class, attempt).getMessage();
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : List.of(from, seal(from))) {
      Path copied = file.equals(from) ? to : seal(to);
      Files.copy(file, copied, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Path seal(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".sha256");
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    Folders.delete(to);
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private Executable evaluating(Path run) {
    return () -> Experiment.open(run, world.workspace("runs")).evaluate();
  }

  private Executable exporting(Path run) {
    return () -> Experiment.export(run, folder.resolve("exported"), false);
  }

  @Test
  void outcomesOfAnotherMethodAreRefusedByEveryReader() throws IOException {
    Path run = finished("runs", "popularity");
    Path other = finished("runs", "sasrec");
    Path outcomes = run.resolve("outcomes.jsonl");
    copy(other.resolve("outcomes.jsonl"), outcomes);
    String message = outcomes + ": method is SASRec, but Popularity in run.json";
    assertEquals(message, refusal(evaluating(run)));
    assertEquals(message, refusal(exporting(run)));
    assertEquals(message, refusal(() -> Run.read(RunFolder.open(run))));
  }

  @Test
  void piecesOfARunOfTheSameNameAreRefusedByEveryReader() throws IOException {
    Path run = finished("runs", "tallrec");
    Path other = finished("others", "tallrec", "training.learningRate=0.01");
    Run.read(RunFolder.open(run));
    for (String name : List.of("outcomes.jsonl", "samples.jsonl", "curve.jsonl")) {
      Path file = run.resolve(name);
      Path kept = folder.resolve(name);
      copy(file, kept);
      String own = Hashes.sha256(file);
      copy(other.resolve(name), file);
      String message =
          "%s: is not the file that this run wrote: its SHA-256 is %s, run.json says %s"
              .formatted(file, Hashes.sha256(file), own);
      assertEquals(message, refusal(() -> Run.read(RunFolder.open(run))));
      if (name.equals("outcomes.jsonl")) {
        assertEquals(message, refusal(evaluating(run)));
        assertEquals(message, refusal(exporting(run)));
      }
      copy(kept, file);
    }
    Run.read(RunFolder.open(run));
  }

  @Test
  void theModelOfAnotherRunIsRefusedByEveryReader() throws IOException {
    Path run = finished("runs", "tallrec");
    Path description = run.resolve("model/model.json");
    String own = Hashes.sha256(description);
    assertEquals(run.resolve("model"), Experiment.model(run));
    copyFolder(
        finished("others", "tallrec", "training.learningRate=0.01").resolve("model"),
        run.resolve("model"));
    String message =
        "%s: is not the file that this run wrote: its SHA-256 is %s, run.json says %s"
            .formatted(description, Hashes.sha256(description), own);
    assertEquals(message, refusal(() -> Experiment.model(run)));
    assertEquals(message, refusal(exporting(run)));
    SealedFile.delete(run.resolve("outcomes.jsonl"));
    assertEquals(message, refusal(evaluating(run)));
    copyFolder(finished("runs", "popularity").resolve("model"), run.resolve("model"));
    assertEquals(
        description + ": name is Popularity, but TALLRec in run.json",
        refusal(() -> Experiment.model(run)));
  }

  @Test
  void aRecipeThatWasChangedIsRefusedWhereItsModelIsLoaded() throws IOException {
    Path run = finished("runs", "popularity");
    Path recipe = run.resolve("recipe.yaml");
    Files.writeString(recipe, Files.readString(recipe).replace("seed: 1", "seed: 2"));
    String message = refusal(() -> Experiment.loadOptions(run));
    assertTrue(message.startsWith(recipe + ": was changed or cut short"), message);
    assertEquals(message, refusal(evaluating(run)));
    assertEquals(message, refusal(exporting(run)));
  }

  @Test
  void aRunOfAnEarlierVersionIsReadByWhatItsFilesSay() throws IOException {
    Path run = finished("runs", "popularity");
    RunFolder opened = RunFolder.open(run);
    assertEquals(
        Set.of("model/model.json", "outcomes.jsonl", "samples.jsonl"),
        opened.record().pieces().orElseThrow().keySet());
    Path file = opened.recordFile();
    String text = Files.readString(file);
    SealedFile.write(file, text.replaceFirst(",\\s*\"pieces\" : \\{[^}]*\\}", ""));
    assertTrue(opened.record().pieces().isEmpty());
    SealedFile.write(run.resolve("samples.jsonl"), "");
    assertTrue(Run.read(opened).evaluatedOn(CaseSet.TEST));
    assertEquals(run.resolve("model"), Experiment.model(run));
  }
}
