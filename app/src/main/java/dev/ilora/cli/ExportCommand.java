package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.config.ConfigException;
import dev.ilora.experiment.Experiment;
import dev.ilora.recommend.Catalogue;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.LoadOptions;
import dev.ilora.recommend.LoraExport;
import dev.ilora.recommend.MergedExport;
import dev.ilora.recommend.ModelFolder;
import dev.ilora.recommend.Request;
import dev.ilora.runs.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora export}: a run's model as a folder of its own. */
@CommandLine.Command(
    name = "export",
    header = "Write the model of a run as a folder that can be moved and loaded anywhere.",
    description = {
      "The folder holds everything that is needed to recommend, and the metrics of the run's",
      "evaluation. A language model of up to 64 MB is copied into it; larger ones with",
      "--with-base, or else they are found by their content in the model cache."
    },
    footer = {
      "",
      "With --as lora it is an adapter that PEFT and other programs read: that of a model without",
      "a gate, one expert, or the sum of the experts as the gate weighs them for a user. With",
      "--as merged it is a language model in Hugging Face's format with that adapter in its",
      "weights, in fp32. Prompts and vectors of items are in neither.",
      "",
      "Examples:",
      "  ilora export runs/ml-100k/ilora-seed1 --out films-model",
      "  ilora export runs/ml-100k/ilora-seed1 --as lora --user 42 --data data/ml-100k --out"
          + " user-42",
      "  ilora export runs/ml-100k/llara-seed1 --as merged --out films-merged"
    })
final class ExportCommand implements Command {
  @Parameters(paramLabel = "RUN", description = "A run folder of ilora train.")
  private Path run;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "The folder to write.")
  private Path out;

  @Option(
      names = "--with-base",
      description = "Copy the language model into the folder whatever its size.")
  private boolean withBase;

  /** What an export holds. */
  enum Form {
    MODEL,
    LORA,
    MERGED
  }

  @Option(
      names = "--as",
      paramLabel = "FORM",
      defaultValue = "model",
      description = "model, lora or merged (default: model).")
  private Form form = Form.MODEL;

  @Option(
      names = "--user",
      paramLabel = "KEY",
      description = "With --as lora or merged: the user whom the experts are weighed for.")
  private String user;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data set with that user's history.")
  private Path data;

  @Option(
      names = "--history",
      paramLabel = "KEYS",
      description = "With them, in place of a user: item keys separated by semicolons.")
  private String history;

  @Option(
      names = "--expert",
      paramLabel = "N",
      description = "With them: one expert, counted from 1.")
  private Integer expert;

  @Option(names = "--force", description = "Replace a model folder that is there.")
  private boolean force;

  @Override
  public void run(Terminal terminal) throws IOException {
    requireWords();
    if (form != Form.MODEL) {
      exportAdapter(terminal);
      return;
    }
    boolean complete = export();
    terminal.line("Wrote the model of " + run + " to " + out);
    if (!complete) {
      terminal.line(
          "It needs the language model %s beside it: copy that into the model cache, or export with"
                  .formatted(Experiment.loadOptions(run).base().orElseThrow())
              + " --with-base");
    }
    terminal.line("Next: ./ilora recommend " + ShellWord.of(out) + " --history KEYS");
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("model", out.toString());
    result.put("complete", complete);
    result.put("bytes", size(out));
    terminal.json(result);
  }

  private void requireWords() {
    List<String> mistakes = new ArrayList<>();
    long parts = Stream.of(user, history, expert).filter(Objects::nonNull).count();
    if (form == Form.MODEL && (parts > 0 || data != null)) {
      mistakes.add("--user, --data, --history and --expert go with --as lora and --as merged");
    }
    if (form != Form.MODEL && parts > 1) {
      mistakes.add("give one of --user, --history and --expert, not " + parts);
    }
    if (form != Form.MODEL && (user != null) != (data != null)) {
      mistakes.add("--user and --data, the data set with the user's history, go together");
    }
    if (form != Form.MODEL && (force || withBase)) {
      mistakes.add("--force and --with-base go with models, not with --as lora or merged");
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
  }

  private void exportAdapter(Terminal terminal) throws IOException {
    requireOutsideOfRuns();
    Path model = ModelFolder.isOne(run) ? run : Experiment.model(run);
    LoadOptions options =
        ModelFolder.isOne(run) ? LoadOptions.DEFAULT : Experiment.loadOptions(run);
    Map<String, Object> result = new LinkedHashMap<>();
    if (form == Form.MERGED) {
      MergedExport.write(model, options, part(model), out);
      terminal.line("Wrote a language model with the adapter in its weights to " + out);
      result.put("languageModel", out.toString());
    } else {
      int rank = LoraExport.write(model, options, part(model), out);
      terminal.line("Wrote a LoRA adapter of rank %s to %s".formatted(rank, out));
      result.put("adapter", out.toString());
      result.put("rank", rank);
    }
    terminal.remark(
        "note: it was trained with this model's prompts and, where it has any, vectors of items;"
            + " those are not in it");
    result.put("bytes", size(out));
    terminal.json(result);
  }

  private LoraExport.Part part(Path model) throws IOException {
    if (expert != null) {
      return new LoraExport.Part.Expert(expert);
    }
    if (user != null) {
      Catalogue catalogue = ModelFolder.catalogue(model);
      return new LoraExport.Part.ForUser(DataHistory.read(data, catalogue).of(user));
    }
    if (history == null) {
      return new LoraExport.Part.Only();
    }
    List<String> mistakes = new ArrayList<>();
    List<CatalogueItem> items =
        ModelFolder.catalogue(model).itemsOfKeys("--history", history, mistakes);
    if (items.isEmpty() && mistakes.isEmpty()) {
      mistakes.add("--history is empty; expected at least one item");
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
    return new LoraExport.Part.ForUser(Request.history(items));
  }

  private boolean export() {
    if (force && Files.exists(out) && !ModelFolder.isOne(out)) {
      throw new BadInputException(out, "is not a model; --force only replaces models");
    }
    requireOutsideOfRuns();
    return Experiment.export(run, out, withBase, force);
  }

  /** A run knows the hashes of its files: with another model in it, it could not be read again. */
  private void requireOutsideOfRuns() {
    for (Path in = out.toAbsolutePath().normalize(); in != null; in = in.getParent()) {
      if (RunFolder.holdsRun(in)) {
        throw new BadInputException(
            out, "lies in the run %s; choose a folder outside of runs".formatted(in));
      }
    }
  }

  private static long size(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
