package dev.ilora.runs;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonLine;
import dev.ilora.files.JsonLines;
import dev.ilora.files.WholeFile;
import dev.ilora.statistics.Outcomes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The folder of one run; its files are listed in the package's documentation.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
  /**
   * Makes the folder, or takes one that is there, after checking that files can be written in it.
   *
   * @throws BadInputException if it cannot be made or written, before any work is done
   */
  public static RunFolder create(Path path) {
    try {
      Files.createDirectories(path);
      Files.delete(Files.createTempFile(path, ".probe", ".tmp"));
      return new RunFolder(path);
    } catch (FileAlreadyExistsException e) {
      throw new BadInputException(path, "cannot be a run folder: a file stands there");
    } catch (IOException e) {
      throw new BadInputException(
          path, "cannot write a run here, choose another folder (" + e + ")");
    }
  }

  /**
   * Opens the folder of a run that has at least begun.
   *
   * @throws BadInputException if there is no manifest
   */
  public static RunFolder open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new BadInputException(path, "no such run folder");
    }
    RunFolder run = new RunFolder(path);
    if (!Files.exists(run.manifestFile())) {
      throw new BadInputException(path, "not a run folder: it has no manifest.json");
    }
    return run;
  }

  /** Where checkpoints go; made on first use by their writer. */
  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /** The frozen candidates these rows were ranked among. */
  public Path candidatesFile(CaseSet set) {
    return path.resolve("candidates" + set.suffix() + ".jsonl");
  }

  /** The manifest. */
  public Path manifestFile() {
    return path.resolve("manifest.json");
  }

  /** The evaluated rows of a set. */
  public Path predictionsFile(CaseSet set) {
    return path.resolve("predictions" + set.suffix() + ".jsonl");
  }

  /** The merged recipe. */
  public Path recipeFile() {
    return path.resolve("recipe.yaml");
  }

  /** Keeps the merged recipe as YAML text. */
  public void writeRecipe(String yaml) {
    WholeFile.write(recipeFile(), yaml);
  }

  /** The merged recipe as YAML text. */
  public String recipe() {
    return JsonLines.text(recipeFile());
  }

  /** The text of the prompt template. */
  public Path templateFile() {
    return path.resolve("template.txt");
  }

  /** Keeps the text of the prompt template. */
  public void writeTemplate(String text) {
    WholeFile.write(templateFile(), text);
  }

  /** The text of the prompt template. */
  public String template() {
    return JsonLines.text(templateFile());
  }

  /** Whether anything was computed here that a run with other settings would contradict. */
  public boolean holdsWork() {
    return Files.exists(checkpoints()) || Files.exists(path.resolve("model")) || holdsPredictions();
  }

  private boolean holdsPredictions() {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(path, "predictions*.jsonl")) {
      return found.iterator().hasNext();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes the manifest, replacing an earlier one. */
  public void writeManifest(Manifest manifest) {
    manifest.write(manifestFile());
  }

  /**
   * Reads the manifest.
   *
   * @throws BadInputException if it is missing, of another schema or lacks a field
   */
  public Manifest manifest() {
    return Manifest.read(manifestFile());
  }

  /** The training curve, to append to or read. */
  public TrainingCurve curve() {
    return new TrainingCurve(path.resolve("metrics.jsonl"));
  }

  /** Keeps the evaluated rows. */
  public void writePredictions(CaseSet set, Outcomes predictions) {
    predictions.write(predictionsFile(set));
  }

  /** Whether the run has been evaluated on its test rows. */
  public boolean hasPredictions() {
    return hasPredictions(CaseSet.TEST);
  }

  /** Whether the run has been evaluated on these rows. */
  public boolean hasPredictions(CaseSet set) {
    return Files.exists(predictionsFile(set));
  }

  /** The evaluated test rows. */
  public Outcomes predictions() {
    return predictions(CaseSet.TEST);
  }

  /** The evaluated rows. */
  public Outcomes predictions(CaseSet set) {
    return Outcomes.read(predictionsFile(set));
  }

  /** Keeps the gate's weights of each evaluated row. */
  public void writeExpertWeights(List<ExpertWeights> rows) {
    JsonLines.write(expertsFile(), rows.stream().map(ExpertWeights::line).toList());
  }

  /** The gate's weights of each evaluated row, empty where the method has no gate. */
  public List<ExpertWeights> expertWeights() {
    return readIfThere(expertsFile(), ExpertWeights::of);
  }

  /** Keeps what is known of the evaluated rows. */
  public void writeRowFacts(CaseFacts facts) {
    facts.write(rowFactsFile());
  }

  /** What is known of the evaluated rows, empty where no study kept it. */
  public Optional<CaseFacts> rowFacts() {
    return Files.exists(rowFactsFile())
        ? Optional.of(CaseFacts.read(rowFactsFile()))
        : Optional.empty();
  }

  /** Keeps example prompts. */
  public void writeSamples(List<Sample> samples) {
    JsonLines.write(samplesFile(), samples.stream().map(Sample::line).toList());
  }

  /** Example prompts, empty where none were kept. */
  public List<Sample> samples() {
    return readIfThere(samplesFile(), Sample::of);
  }

  /** What the run contributes to a table of test rows, see {@link #result(CaseSet)}. */
  public RunResult result() {
    return result(CaseSet.TEST);
  }

  /**
   * What the run contributes to a table.
   *
   * @throws BadInputException if the rows are another run's, by method, seed or candidates
   */
  public RunResult result(CaseSet set) {
    Manifest manifest = manifest();
    Outcomes predictions = predictions(set);
    requireSame(set, "method", manifest.method(), predictions.method());
    requireSame(set, "seed", manifest.seed(), predictions.seed());
    if (set == CaseSet.TEST && manifest.candidatesHash() != null) {
      requireSame(set, "candidates hash", manifest.candidatesHash(), predictions.candidatesHash());
    }
    return new RunResult(predictions, manifest);
  }

  private void requireSame(CaseSet set, String what, Object inManifest, Object inPredictions) {
    if (!inManifest.equals(inPredictions)) {
      throw new BadInputException(
          predictionsFile(set),
          what + " is " + inPredictions + ", but " + inManifest + " in manifest.json");
    }
  }

  private Path expertsFile() {
    return path.resolve("experts.jsonl");
  }

  private Path rowFactsFile() {
    return path.resolve("rows.jsonl");
  }

  private Path samplesFile() {
    return path.resolve("samples.jsonl");
  }

  private static <T> List<T> readIfThere(Path file, Function<JsonLine, T> parse) {
    return Files.exists(file) ? JsonLines.read(file).stream().map(parse).toList() : List.of();
  }
}
