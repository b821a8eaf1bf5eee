package dev.ilora.runs;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonLine;
import dev.ilora.files.JsonLines;
import dev.ilora.files.SealedFile;
import dev.ilora.files.TextFile;
import dev.ilora.files.WholeFile;
import dev.ilora.statistics.Outcomes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder of one run; its files are listed in the package's documentation.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
  /** Name of the file that holds the record of a run; where it is there is a run. */
  public static final String RECORD = "run.json";

  /** Name of the file that holds the recipe of a run. */
  public static final String RECIPE = "recipe.yaml";

  /** Name of the folder of the trained model. */
  public static final String MODEL = "model";

  private static final String OUTCOMES = "outcomes";

  /** What it was called by versions whose runs this one does not read. */
  private static final String EARLIER_RECORD = "manifest.json";

  /**
   * Makes the folder, or takes one that is there, after checking that files can be written in it.
   *
   * @throws BadInputException if it cannot be made or written, before any work is done, or holds a
   *     run of an earlier version of ilora
   */
  public static RunFolder create(Path path) {
    requireReadable(path);
    try {
      Files.createDirectories(path);
      WholeFile.probe(path);
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
   * @throws BadInputException if there is none, or one of an earlier version of ilora
   */
  public static RunFolder open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new BadInputException(path, "no such run folder");
    }
    requireReadable(path);
    RunFolder run = new RunFolder(path);
    if (!Files.exists(run.recordFile())) {
      throw new BadInputException(path, "not a run folder: it has no " + RECORD);
    }
    return run;
  }

  /** Whether a folder holds a run, of whatever version. */
  public static boolean holdsRun(Path path) {
    return Files.exists(path.resolve(RECORD)) || holdsEarlierRun(path);
  }

  /**
   * Whether a folder holds what only runs have, but no record: the rest cannot be told of.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static boolean lacksRecord(Path path) {
    return Files.isDirectory(path)
        && !holdsRun(path)
        && (Files.exists(path.resolve(RECIPE)) || new RunFolder(path).holdsOutcomes());
  }

  private static boolean holdsEarlierRun(Path path) {
    return Files.exists(path.resolve(EARLIER_RECORD)) && Files.exists(path.resolve(RECIPE));
  }

  private static void requireReadable(Path path) {
    if (!Files.exists(path.resolve(RECORD)) && holdsEarlierRun(path)) {
      throw new BadInputException(
          path.resolve(EARLIER_RECORD),
          "schema is 1, written by an earlier version of ilora; this version reads schema %s, in %s:"
                  .formatted(RunRecord.SCHEMA, RECORD)
              + " make the run again in another folder");
    }
  }

  /** The folder of the trained model. */
  public Path model() {
    return path.resolve(MODEL);
  }

  /** The description of the trained model, which holds the hashes of its files. */
  public Path modelFile() {
    return model().resolve("model.json");
  }

  /** Where checkpoints go; made on first use by their writer. */
  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /** The frozen candidates these cases were ranked among. */
  public Path candidatesFile(CaseSet set) {
    return path.resolve("candidates" + set.suffix() + ".jsonl");
  }

  /** The record of the run. */
  public Path recordFile() {
    return path.resolve(RECORD);
  }

  /** The outcomes of a set of cases. */
  public Path outcomesFile(CaseSet set) {
    return path.resolve(OUTCOMES + set.suffix() + ".jsonl");
  }

  /**
   * The outcomes of the test cases by another protocol than the recipe's.
   *
   * @param protocol its name, such as {@code generate}
   */
  public Path outcomesFile(String protocol) {
    return path.resolve(OUTCOMES + "-" + protocol + ".jsonl");
  }

  /** The merged recipe. */
  public Path recipeFile() {
    return path.resolve(RECIPE);
  }

  /** Keeps the merged recipe as YAML text. */
  public void writeRecipe(String yaml) {
    SealedFile.write(recipeFile(), yaml);
  }

  /** The merged recipe as YAML text. */
  public String recipe() {
    return sealedText(recipeFile());
  }

  /**
   * Refuses a recipe that was changed since it was written.
   *
   * @throws BadInputException if it was
   */
  public void requireRecipe() {
    SealedFile.check(recipeFile());
  }

  /** The text of the prompt template. */
  public Path templateFile() {
    return path.resolve("template.txt");
  }

  /** Keeps the text of the prompt template. */
  public void writeTemplate(String text) {
    SealedFile.write(templateFile(), text);
  }

  /** The text of the prompt template. */
  public String template() {
    return sealedText(templateFile());
  }

  /** Whether anything was computed here that a run with other settings would contradict. */
  public boolean holdsWork() {
    return Files.exists(checkpoints()) || Files.exists(model()) || holdsOutcomes();
  }

  private boolean holdsOutcomes() {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(path, OUTCOMES + "*.jsonl")) {
      return found.iterator().hasNext();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes the record, replacing an earlier one. */
  public void write(RunRecord record) {
    record.write(recordFile());
  }

  /**
   * Reads the record.
   *
   * @throws BadInputException if it is missing, of another schema, lacks a field or has an unknown
   *     one
   */
  public RunRecord record() {
    return RunRecord.read(recordFile());
  }

  /** The training curve, to append to or read. */
  public TrainingCurve curve() {
    return new TrainingCurve(path.resolve("curve.jsonl"));
  }

  /**
   * The points of the training curve.
   *
   * @throws BadInputException if it cannot be read or is another run's
   */
  public List<TrainingPoint> points() {
    List<TrainingPoint> points = curve().read();
    requireOwn(curve().file());
    return points;
  }

  /** The name of a file of the run in its record. */
  String nameOf(Path piece) {
    return path.relativize(piece).toString().replace('\\', '/');
  }

  /**
   * Refuses a file of this folder that is another run's; does nothing where there is no file.
   *
   * @throws BadInputException if the record names another file
   */
  private void requireOwn(Path piece) {
    new OwnPieces(this).require(piece);
  }

  /**
   * Refuses a trained model that is another run's.
   *
   * @param name in the model's description
   * @param seed in the model's description
   * @param dataHash hash of the data in the model's description
   * @throws BadInputException naming what differs from the record
   */
  public void requireOwnModel(String name, long seed, String dataHash) {
    RunRecord record = record();
    OwnPieces.requireSame(modelFile(), "name", record.identity().name(), name);
    OwnPieces.requireSame(modelFile(), "seed", record.identity().seed(), seed);
    OwnPieces.requireSame(modelFile(), "data hash", record.inputs().data().hash(), dataHash);
    requireOwn(modelFile());
  }

  /** Keeps the outcomes of a set of cases. */
  public void writeOutcomes(CaseSet set, Outcomes outcomes) {
    outcomes.write(outcomesFile(set));
  }

  /** Whether the run has been evaluated on these cases. */
  public boolean hasOutcomes(CaseSet set) {
    return Files.exists(outcomesFile(set));
  }

  /**
   * The outcomes of a set of cases.
   *
   * @throws BadInputException if they cannot be read or are another run's
   */
  public Outcomes outcomes(CaseSet set) {
    return ownOutcomes(outcomesFile(set), set == CaseSet.TEST);
  }

  /**
   * The outcomes of the test cases by another protocol than the recipe's.
   *
   * @throws BadInputException if they cannot be read or are another run's
   */
  public Outcomes outcomes(String protocol) {
    return ownOutcomes(outcomesFile(protocol), true);
  }

  private Outcomes ownOutcomes(Path file, boolean ofTestCases) {
    Outcomes outcomes = Outcomes.read(file);
    new OwnPieces(this).require(file, outcomes, ofTestCases);
    return outcomes;
  }

  /** Keeps the gate's weights for each evaluated case. */
  public void writeExpertWeights(List<ExpertWeights> cases) {
    JsonLines.write(expertsFile(), cases);
  }

  /**
   * The gate's weights for each evaluated case, empty where the method has no gate.
   *
   * @throws BadInputException if cases have weights of different numbers of experts
   */
  public List<ExpertWeights> expertWeights() {
    if (!Files.exists(expertsFile())) {
      return List.of();
    }
    List<ExpertWeights> cases = new ArrayList<>();
    for (JsonLine line : JsonLines.read(expertsFile())) {
      ExpertWeights one = line.as(ExpertWeights.class);
      int experts = cases.isEmpty() ? one.weights().length : cases.getFirst().weights().length;
      if (one.weights().length != experts) {
        throw line.mistake(
            "weights of %s experts, but the first case has %s"
                .formatted(one.weights().length, experts));
      }
      cases.add(one);
    }
    SealedFile.check(expertsFile());
    requireOwn(expertsFile());
    return List.copyOf(cases);
  }

  /** Keeps what is known of the evaluated cases. */
  public void writeCaseFacts(CaseFacts facts) {
    facts.write(factsFile());
  }

  /** What is known of the evaluated cases, empty where no study kept it. */
  public Optional<CaseFacts> caseFacts() {
    if (!Files.exists(factsFile())) {
      return Optional.empty();
    }
    CaseFacts facts = CaseFacts.read(factsFile());
    new OwnPieces(this).require(factsFile(), facts);
    return Optional.of(facts);
  }

  /** Keeps example prompts. */
  public void writeSamples(List<Sample> samples) {
    JsonLines.write(samplesFile(), samples);
  }

  /** Example prompts, empty where none were kept. */
  public List<Sample> samples() {
    if (!Files.exists(samplesFile())) {
      return List.of();
    }
    List<Sample> samples =
        JsonLines.read(samplesFile()).stream().map(line -> line.as(Sample.class)).toList();
    SealedFile.check(samplesFile());
    requireOwn(samplesFile());
    return samples;
  }

  /** The gate's weights for each evaluated case. */
  public Path expertsFile() {
    return path.resolve("experts.jsonl");
  }

  /** What is known of the evaluated cases. */
  public Path factsFile() {
    return path.resolve("cases.jsonl");
  }

  /** Example prompts. */
  public Path samplesFile() {
    return path.resolve("samples.jsonl");
  }

  private static String sealedText(Path file) {
    String text = TextFile.read(file);
    SealedFile.check(file);
    return text;
  }
}
