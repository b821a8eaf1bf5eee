package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.config.ConfigException;
import dev.ilora.data.CaseFiles;
import dev.ilora.data.Item;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.experiment.Experiment;
import dev.ilora.experiment.Recommendation;
import dev.ilora.experiment.TitleIndex;
import dev.ilora.experiment.Workspace;
import dev.ilora.recommender.ItemScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora recommend}: asks a trained model. */
@CommandLine.Command(
    name = "recommend",
    header = "Say what a user with a given history chooses next.",
    description = {
      "Titles are separated by semicolons, the oldest first; case does not matter. Without",
      "--candidates all items outside the history are ranked. A language model is then given a",
      "shortlist, as long as the candidate lists it learned from: the best items of the"
          + " recommender",
      "that guides it, or the most popular ones where none does."
    },
    footer = {
      "",
      "Examples:",
      "  ilora recommend runs/ml-100k/ilora-seed1 --history \"Alien; Aliens; Blade Runner\"",
      "  ilora recommend sasrec --items data/ml-100k --history \"Alien; Aliens\" --top 5"
    })
final class RecommendCommand implements Command {
  @Parameters(paramLabel = "DIR", description = "A run folder of ilora train, or a recommender.")
  private Path folder;

  @Option(
      names = "--history",
      paramLabel = "TITLES",
      required = true,
      description = "What the user chose, oldest first: \"title; title; ...\".")
  private String history;

  @Option(
      names = "--candidates",
      paramLabel = "TITLES",
      description = "What to rank: \"title; title; ...\" (default: all items).")
  private String candidates;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Items to print (default: ${DEFAULT-VALUE}).")
  private int top = 10;

  @Option(
      names = "--items",
      paramLabel = "PATH",
      description = "Titles for a recommender's folder: an items.tsv or an imported data set.")
  private Path items;

  @Override
  public void run(Terminal terminal) throws IOException {
    if (top < 1) {
      throw new ConfigException("--top must be at least 1, not " + top);
    }
    if (Models.isRun(folder)) {
      Workspace workspace = Models.workspace(folder, terminal);
      Experiment run = Models.open(folder, workspace);
      TitleIndex titles = new TitleIndex(workspace.dataset(run.recipe()).titles());
      print(Recommendation.of(run, workspace, request(titles)), titles, terminal);
    } else if (Models.isRecommender(folder)) {
      recommender(terminal);
    } else {
      throw new BadInputException(
          folder, Files.isDirectory(folder) ? Models.NEITHER : "no such run folder");
    }
  }

  private void recommender(Terminal terminal) throws IOException {
    if (items == null) {
      throw new ConfigException(
          folder + " is a recommender, which knows no titles: name them with --items PATH");
    }
    List<Item> known =
        Files.isDirectory(items) ? DatasetFolder.read(items).items() : CaseFiles.readItems(items);
    TitleIndex titles = new TitleIndex(known.stream().map(Item::title).toList());
    Recommendation.Request request = request(titles);
    try (ItemScorer recommender = ItemScorer.load(folder)) {
      if (recommender.itemCount() != known.size()) {
        throw new BadInputException(
            items,
            "has %d items, but the %s knows %d"
                .formatted(known.size(), recommender.name(), recommender.itemCount()));
      }
      print(Recommendation.of(recommender, titles.titles(), request), titles, terminal);
    }
  }

  private Recommendation.Request request(TitleIndex titles) {
    List<String> mistakes = new ArrayList<>();
    int[] past = titles.items("--history", history, mistakes);
    int[] offered =
        candidates == null ? new int[0] : titles.items("--candidates", candidates, mistakes);
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
    if (candidates != null && offered.length == 0) {
      throw new ConfigException("--candidates is empty; expected at least one title");
    }
    return new Recommendation.Request(past, offered, top);
  }

  private static void print(Recommendation found, TitleIndex titles, Terminal terminal) {
    terminal.line(headline(found, titles.titles().size()));
    int width =
        found.choices().stream().mapToInt(choice -> choice.title().length()).max().orElse(5);
    String row = "%4d  %-" + Math.max(5, width) + "s  %10.4f  %5.1f %%";
    for (Recommendation.Choice choice : found.choices()) {
      terminal.line(
          String.format(
              Locale.ROOT,
              row,
              choice.rank(),
              choice.title(),
              choice.score(),
              100 * choice.share()));
    }
    if (!found.expertWeights().isEmpty()) {
      terminal.line(
          "Expert weights for this user: "
              + found.expertWeights().stream()
                  .map(weight -> String.format(Locale.ROOT, "%.3f", weight))
                  .collect(Collectors.joining("  ")));
    }
    if (found.titlesCut() > 0) {
      terminal.remark(
          found.titlesCut() + " titles were cut short or left out to fit the model's context");
    }
    terminal.json(json(found));
  }

  private static String headline(Recommendation found, int itemCount) {
    String among =
        found.shortlistedBy() == null
            ? "%d candidates".formatted(found.candidates())
            : "a shortlist of %d of %d items by %s"
                .formatted(found.candidates(), itemCount, found.shortlistedBy());
    return "%s among %s: rank, title, %s, share".formatted(found.method(), among, found.score());
  }

  private static Map<String, Object> json(Recommendation found) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("method", found.method());
    json.put("score", found.score());
    json.put("candidates", found.candidates());
    json.put("shortlisted_by", found.shortlistedBy());
    json.put("titles_cut", found.titlesCut());
    json.put("recommendations", found.choices());
    if (!found.expertWeights().isEmpty()) {
      json.put("expert_weights", found.expertWeights());
    }
    return json;
  }
}
