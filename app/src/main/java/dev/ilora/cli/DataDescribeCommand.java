package dev.ilora.cli;

import dev.ilora.Counted;
import dev.ilora.config.ConfigException;
import dev.ilora.data.DatasetSummary;
import dev.ilora.data.OrderSummary;
import dev.ilora.data.Split;
import dev.ilora.data.atomic.DatasetFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ilora data describe}: what one should know of a dataset before believing a result on it.
 */
@CommandLine.Command(
    name = "describe",
    description = {
      "Describe an imported data set: counts, lengths and popularity, repeated and cold items,",
      "titles that repeat or contain each other."
    })
final class DataDescribeCommand implements Command {
  private static final int SHOWN = 5;

  @Parameters(paramLabel = "DIR", description = "Imported data set, or the word demo.")
  private Path folder;

  @Mixin private SplitArgument cut;

  @Option(
      names = "--min-history",
      paramLabel = "N",
      description = "Fewest history items of a row (default: ${DEFAULT-VALUE}).")
  private int minHistory = Split.DEFAULT_MIN_HISTORY;

  @Override
  public void run(Terminal terminal) throws IOException {
    Split split = cut.split(folder, Split.DEFAULT_HISTORY_LENGTH);
    DatasetSummary summary = summary(split);
    print(summary, split.dataset().provenance(), terminal);
    terminal.json(summary);
  }

  private DatasetSummary summary(Split split) {
    try {
      return DatasetSummary.of(split, DatasetFolder.hash(split.dataset()), minHistory);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private static void print(
      DatasetSummary summary, Map<String, String> provenance, Terminal terminal) {
    line(terminal, "name", summary.name());
    line(terminal, "provenance", pairs(provenance));
    line(terminal, "hash", summary.hash());
    printInteractions(summary, terminal);
    printSplit(summary, terminal);
    printTitles(summary, terminal);
    summary.advice().forEach(sentence -> line(terminal, "note", sentence));
  }

  private static void printInteractions(DatasetSummary summary, Terminal terminal) {
    line(
        terminal, "counts", Counted.data(summary.users(), summary.items(), summary.interactions()));
    line(terminal, "per user", summary.lengths().toString());
    line(terminal, "per item", summary.popularity().toString());
    line(
        terminal,
        "popularity",
        String.format(
            Locale.ROOT,
            "%.0f %% of interactions on the top 10 %% of items; %,d items never chosen",
            100 * summary.topTenthShare(),
            summary.itemsNeverChosen()));
    if (!summary.ratings().isEmpty()) {
      line(terminal, "ratings", pairs(summary.ratings()));
    }
    line(
        terminal,
        "repeats",
        "%,d interactions repeat an item, of %,d users"
            .formatted(summary.repeats(), summary.usersWithRepeats()));
    printOrder(summary, terminal);
  }

  private static void printOrder(DatasetSummary summary, Terminal terminal) {
    OrderSummary order = summary.order();
    line(
        terminal,
        "ties",
        summary.hasTimes()
            ? "%.1f %% of neighbours have the same time (at most %d at once); of these %.0f %% ascend in the catalogue"
                .formatted(
                    100 * order.tiedShare(), order.largestTie(), 100 * order.ascendingShare())
            : "no times");
    line(
        terminal,
        "bursts",
        "%.1f %% of neighbours less than a minute apart; %,d duplicates"
            .formatted(100 * order.burstShare(), order.duplicates()));
  }

  private static void printSplit(DatasetSummary summary, Terminal terminal) {
    line(
        terminal,
        "split",
        "%s; users %s; rows %s; %,d test rows when only last positions count"
            .formatted(
                summary.split(),
                pairs(summary.usersByPart()),
                pairs(summary.rowsByPart()),
                summary.lastRows()));
    line(
        terminal,
        "cold",
        "%,d test items never chosen in training, in %,d rows; %,d users too short for a case"
            .formatted(summary.coldItems(), summary.coldRows(), summary.shortUsers()));
    summary
        .baselines()
        .ifPresent(
            rules ->
                line(
                    terminal,
                    "rules",
                    "HR@1 of %d candidates, %,d cases: next id above %.3f, below %.3f, most popular %.3f, guessing %.3f"
                        .formatted(
                            rules.candidates(),
                            rules.cases(),
                            rules.idAbove(),
                            rules.idBelow(),
                            rules.popularity(),
                            rules.chance())));
  }

  private static void printTitles(DatasetSummary summary, Terminal terminal) {
    line(
        terminal,
        "same titles",
        summary.duplicateTitles().size()
            + " titles of several items"
            + examples(summary.duplicateTitles(), " ×"));
    line(
        terminal,
        "contained",
        summary.containedTitles()
            + " titles inside another"
            + examples(summary.containedExamples(), " in "));
  }

  private static void line(Terminal terminal, String name, String text) {
    terminal.line("%-12s %s".formatted(name, text));
  }

  private static String pairs(Map<String, ?> map) {
    return map.entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String examples(Map<String, ?> map, String between) {
    String some =
        map.entrySet().stream()
            .limit(SHOWN)
            .map(e -> e.getKey() + between + e.getValue())
            .collect(Collectors.joining("; "));
    return some.isEmpty() ? "" : ", such as " + some;
  }
}
