package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.Counted;
import dev.ilora.config.ConfigException;
import dev.ilora.config.NearestName;
import dev.ilora.data.Split;
import dev.ilora.data.StoredCases;
import dev.ilora.evaluate.Evaluation;
import dev.ilora.evaluate.Protocol;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.FormOutcome;
import dev.ilora.experiment.Workspace;
import dev.ilora.llm.WeightForm;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.runs.CaseSet;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora eval}: how good a trained model is. */
@CommandLine.Command(
    name = "eval",
    header = "Evaluate a run on its test rows, or any model on rows and candidates kept in files.",
    description = {
      "Intervals are 95 %% bootstrap intervals over users. With --items, --rows and --candidates"
          + " DIR",
      "may also be the folder of a recommender; recommenders then rank the whole catalogue as well."
    },
    footer = {
      "",
      "Examples:",
      "  ilora eval runs/ml-100k/ilora-seed1",
      "  ilora eval runs/ml-100k/ilora-seed1 --protocol generate",
      "  ilora eval runs/ml-100k/ilora-seed1 --forms bf16,int8,q4_0",
      "  ilora eval sasrec --items items.tsv --rows test.jsonl --candidates candidates.jsonl --json"
    })
final class EvalCommand implements Command {
  @Parameters(paramLabel = "DIR", description = "A run folder of ilora train, or a recommender.")
  private Path folder;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description = {
        "How a language model ranks: likelihood, likelihood-mean, likelihood-pmi, constrained or",
        "generate (default: the recipe's).",
        "Another than the recipe's is kept in outcomes-NAME.jsonl."
      })
  private String protocol;

  @Option(
      names = "--forms",
      paramLabel = "FORM",
      split = ",",
      description = {
        "Score the test rows with the language model's matrices held as asis, bf16, fp32, int8,"
            + " q4_0",
        "or nf4, one after another, and compare with the first; keeps nothing."
      })
  private List<String> forms = List.of();

  @Option(
      names = "--items",
      paramLabel = "FILE",
      description = "Items: id and title, tabs between.")
  private Path items;

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description = "Rows: JSON lines, history and next.")
  private Path rows;

  @Option(
      names = "--candidates",
      paramLabel = "FILE",
      description = "Candidates of the same rows: JSON lines.")
  private Path candidates;

  @Option(
      names = "--min-history",
      paramLabel = "N",
      description = "Rows with fewer history items are left out (default: ${DEFAULT-VALUE}).")
  private int minHistory = Split.DEFAULT_MIN_HISTORY;

  @Override
  public void run(Terminal terminal) throws IOException {
    if (protocol != null) {
      protocolNamed(protocol);
    }
    boolean ownRows = items == null && rows == null && candidates == null;
    if (!forms.isEmpty()) {
      if (!ownRows || protocol != null) {
        throw new ConfigException(
            "--forms goes with neither --protocol nor rows in files: a run's own rows are scored by"
                + " likelihood");
      }
      compareForms(terminal);
    } else if (ownRows) {
      evaluateRun(terminal);
    } else {
      requireAllFiles();
      evaluateStored(terminal);
    }
  }

  private static Protocol.OfText protocolNamed(String name) {
    List<String> known = Protocol.ofText().stream().map(Protocol::key).toList();
    if (!known.contains(name.toLowerCase(Locale.ROOT))) {
      throw new ConfigException(
          "--protocol: unknown protocol '" + name + "'" + NearestName.hint(name, known));
    }
    return Protocol.ofText(name.toLowerCase(Locale.ROOT));
  }

  private void requireAllFiles() {
    Map<String, Path> given = new LinkedHashMap<>();
    given.put("--items", items);
    given.put("--rows", rows);
    given.put("--candidates", candidates);
    List<String> missing = given.keySet().stream().filter(k -> given.get(k) == null).toList();
    if (!missing.isEmpty()) {
      throw new ConfigException(
          String.join(" and ", missing) + " missing: --items, --rows and --candidates go together");
    }
  }

  private void evaluateRun(Terminal terminal) {
    if (!Models.isRun(folder) && Models.isRecommender(folder)) {
      throw new ConfigException(
          folder + " is a recommender without rows of its own: give --items, --rows, --candidates");
    }
    Workspace workspace = Models.workspace(folder, terminal);
    Experiment run = Models.open(folder, workspace);
    Outcomes outcomes;
    if (protocol == null) {
      run.evaluate();
      outcomes = run.folder().outcomes(CaseSet.TEST);
    } else {
      outcomes = run.evaluate(protocolNamed(protocol));
    }
    Map<String, Object> result = print(outcomes, CaseSet.TEST, terminal);
    if (protocol == null && run.folder().hasOutcomes(CaseSet.PAPER)) {
      Outcomes paper = run.folder().outcomes(CaseSet.PAPER);
      result.put("paperCases", print(paper, CaseSet.PAPER, terminal));
    }
    terminal.json(result);
  }

  private void compareForms(Terminal terminal) {
    List<WeightForm> wanted =
        forms.stream().map(word -> EnumWord.of(WeightForm.values(), "--forms", word)).toList();
    Experiment run = Models.open(folder, Models.workspace(folder, terminal));
    List<FormOutcome> outcomes = run.inForms(wanted);
    String first = EnumWord.of(wanted.getFirst());
    terminal.line(
        "%s (seed %d), %s"
            .formatted(
                run.recipe().label(),
                run.recipe().seed(),
                Counted.of(outcomes.getFirst().cases(), "case")));
    terminal.line("weights  HR@1   log-likelihood  best title as " + first + "     MiB  cases/s");
    List<Map<String, Object>> json = new ArrayList<>();
    for (FormOutcome one : outcomes) {
      String name = EnumWord.of(one.form());
      double rate = one.cases() / one.seconds();
      terminal.line(
          String.format(
              Locale.ROOT,
              "%-7s  %.3f  %14.4f  %18.3f  %6.0f  %7.2f",
              name,
              one.hitRate(),
              one.logLikelihood(),
              one.agreement(),
              one.bytes() / (1024.0 * 1024),
              rate));
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("weights", name);
      row.put("hr@1", one.hitRate());
      row.put("logLikelihood", one.logLikelihood());
      row.put("agreement", one.agreement());
      row.put("bytes", one.bytes());
      row.put("casesPerSecond", rate);
      json.add(row);
    }
    terminal.json(Map.of("cases", outcomes.getFirst().cases(), "forms", json));
  }

  private static Map<String, Object> print(Outcomes outcomes, CaseSet set, Terminal terminal) {
    MetricsTable table = MetricsTable.of(outcomes.rows());
    terminal.line(
        "%s (seed %d), %s%s, on %s of %s"
            .formatted(
                outcomes.method(),
                outcomes.seed(),
                outcomes.protocol(),
                set.caption(),
                Counted.of(table.metrics().rows(), "case"),
                Counted.of(users(outcomes.rows()), "user")));
    terminal.line(table.text());
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("method", outcomes.method());
    result.put("seed", outcomes.seed());
    result.put("protocol", outcomes.protocol());
    result.put("cases", outcomes.rows().size());
    result.put("users", users(outcomes.rows()));
    result.put("metrics", table.metrics().byKey());
    result.put("intervals", table.intervalsByKey());
    result.put("candidatesHash", outcomes.candidatesHash());
    return result;
  }

  private static long users(List<Outcome> rows) {
    return rows.stream().map(Outcome::user).distinct().count();
  }

  private void evaluateStored(Terminal terminal) throws IOException {
    if (Models.isRun(folder)) {
      Workspace workspace = Models.workspace(folder, terminal);
      Experiment run = Models.open(folder, workspace);
      Protocol.OfText ranked =
          protocol == null ? run.recipe().evaluation().protocol() : protocolNamed(protocol);
      StoredCases stored = read(run.recipe().rows().history());
      print(run.recipe().label(), stored, run.evaluate(stored, ranked), terminal);
    } else if (Models.isRecommender(folder)) {
      try (ItemScorer recommender = ItemScorer.load(folder)) {
        int length = Math.max(recommender.historyLength(), Split.DEFAULT_HISTORY_LENGTH);
        StoredCases stored = read(length);
        print(recommender.name(), stored, Evaluation.stored(recommender, stored), terminal);
      }
    } else {
      throw new BadInputException(folder, Models.NEITHER);
    }
  }

  private StoredCases read(int historyLength) throws IOException {
    for (Path file : List.of(items, rows, candidates)) {
      if (!Files.isRegularFile(file)) {
        throw new BadInputException(file, "no such file");
      }
    }
    return StoredCases.read(items, rows, candidates, historyLength, minHistory);
  }

  private static void print(
      String name, StoredCases stored, Map<String, List<Outcome>> results, Terminal terminal) {
    Map<String, Object> json = new LinkedHashMap<>();
    Map<String, Object> intervals = new LinkedHashMap<>();
    json.put("model", name);
    results.forEach(
        (among, ranked) -> {
          MetricsTable table = MetricsTable.of(ranked);
          terminal.line(
              "%s, %s, on %s".formatted(name, among, Counted.of(stored.cases().size(), "case")));
          terminal.line(table.text());
          json.put(among, table.metrics().byKey());
          intervals.put(among, table.intervalsByKey());
        });
    json.put("cases", stored.cases().size());
    json.put("intervals", intervals);
    json.put("candidatesHash", stored.candidatesHash());
    terminal.json(json);
  }
}
