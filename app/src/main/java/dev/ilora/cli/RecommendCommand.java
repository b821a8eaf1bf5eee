package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.Counted;
import dev.ilora.config.ConfigException;
import dev.ilora.data.UserSequence;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.files.Hashes;
import dev.ilora.recommend.BatchJob;
import dev.ilora.recommend.Catalogue;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.NamedRequest;
import dev.ilora.recommend.Ranking;
import dev.ilora.recommend.Recommender;
import dev.ilora.recommend.Request;
import dev.ilora.recommend.RequestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ilora recommend}: asks a trained model. */
@CommandLine.Command(
    name = "recommend",
    header = "Say what users with given histories choose next.",
    description = {
      "Items are named by the owner's keys, or by their titles with --titles; several are"
          + " separated",
      "by semicolons, the oldest first. Without --candidates all items outside the history are",
      "ranked. A language model is then given a shortlist, as long as the candidate lists it",
      "learned from: the best items of the recommender that guides it, or the most popular ones",
      "where none does.",
      "Many requests are answered with --requests (JSON lines: history, and id, user, candidates,",
      "exclude, top where wanted) or --all-users; after an interruption the same command goes on."
    },
    footer = {
      "",
      "Examples:",
      "  ilora recommend films-model --titles \"Alien; Aliens; Blade Runner\"",
      "  ilora recommend films-model --history \"183; 176; 89\" --top 5 --json",
      "  ilora recommend films-model --user 405 --data data/ml-100k",
      "  ilora recommend films-model --requests requests.jsonl --out answers.jsonl",
      "  ilora recommend films-model --all-users --data data/ml-100k --out answers.jsonl"
    })
final class RecommendCommand implements Command {
  @Mixin private ModelArgument model;

  @Option(names = "--history", paramLabel = "KEYS", description = "What the user chose: keys.")
  private String history;

  @Option(names = "--titles", paramLabel = "TITLES", description = "What the user chose: titles.")
  private String titles;

  @Option(
      names = "--user",
      paramLabel = "KEY",
      description = "A user of --data, with the whole history there.")
  private String user;

  @Option(names = "--data", paramLabel = "DIR", description = "An imported data set.")
  private Path data;

  @Option(
      names = "--requests",
      paramLabel = "FILE",
      description = "Requests to answer into --out, JSON lines.")
  private Path requests;

  @Option(names = "--all-users", description = "Answers for all users of --data into --out.")
  private boolean allUsers;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "File for the answers to many requests, JSON lines.")
  private Path out;

  @Option(names = "--force", description = "Replace the file of --out.")
  private boolean force;

  @Option(
      names = "--candidates",
      paramLabel = "ITEMS",
      description = "What to rank (default: all items): keys, or titles with --titles.")
  private String candidates;

  @Option(
      names = "--exclude",
      paramLabel = "ITEMS",
      description = "What not to recommend: keys, or titles with --titles.")
  private String exclude;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Items for each request (default: ${DEFAULT-VALUE}).")
  private int top = 10;

  @Option(
      names = "--dry-run",
      description =
          "Answer nothing: say what memory and time the request takes, or why it does not fit.")
  private boolean dryRun;

  @Override
  public void run(Terminal terminal) throws IOException {
    requireOptions();
    if (dryRun) {
      EstimateText.print(model.estimate(this::ask), terminal);
      return;
    }
    try (Recommender recommender = model.load()) {
      if (out == null) {
        new RankingText(recommender, answer(recommender)).print(terminal);
      } else {
        answerAll(recommender, terminal);
      }
    }
  }

  private void ask(Recommender recommender) {
    try {
      answer(recommender);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Ranking answer(Recommender recommender) throws IOException {
    Request request = request(recommender.catalogue());
    try {
      return recommender.recommend(request);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private void requireOptions() {
    List<String> mistakes = new ArrayList<>();
    long sources =
        Stream.of(history != null, titles != null, user != null, requests != null, allUsers)
            .filter(given -> given)
            .count();
    if (sources != 1) {
      mistakes.add(
          "give one of --history, --titles, --user, --requests and --all-users, not " + sources);
    }
    boolean many = requests != null || allUsers;
    if (many != (out != null)) {
      mistakes.add("--out goes with --requests or --all-users, which need it");
    }
    if ((user != null || allUsers) && data == null) {
      mistakes.add(
          (allUsers ? "--all-users" : "--user") + " needs --data, the data set with the histories");
    }
    if (data != null && user == null && !allUsers) {
      mistakes.add("--data goes with --user or --all-users");
    }
    if (many && dryRun) {
      mistakes.add("--dry-run goes with --history, --titles or --user");
    }
    if (many && (candidates != null || exclude != null)) {
      mistakes.add("--candidates and --exclude stand in the requests of a batch");
    }
    if (requests != null && out != null && same(requests, out)) {
      mistakes.add("--out is the file of --requests; choose another");
    }
    if (top < 1) {
      mistakes.add("--top must be at least 1, not " + top);
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
  }

  private static boolean same(Path one, Path other) {
    try {
      return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    } catch (IOException e) {
      throw new BadInputException(other, "cannot be read: " + e.getMessage());
    }
  }

  private Request request(Catalogue catalogue) throws IOException {
    List<String> mistakes = new ArrayList<>();
    Request asked;
    if (user != null) {
      asked = DataHistory.read(data, catalogue).of(user).top(top);
    } else {
      List<CatalogueItem> chosen =
          titles == null
              ? keys("--history", history, catalogue, mistakes)
              : catalogue.itemsOfTitles("--titles", titles, mistakes);
      if (chosen.isEmpty() && mistakes.isEmpty()) {
        mistakes.add(
            (titles == null ? "--history" : "--titles") + " is empty; expected at least one item");
      }
      asked = Request.history(chosen).top(top);
    }
    List<CatalogueItem> offered = items("--candidates", candidates, catalogue, mistakes);
    List<CatalogueItem> excluded = items("--exclude", exclude, catalogue, mistakes);
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
    if (candidates != null && offered.isEmpty()) {
      throw new ConfigException("--candidates is empty; expected at least one item");
    }
    asked = excluded.isEmpty() ? asked : asked.excluding(excluded);
    return offered.isEmpty() ? asked : asked.among(offered);
  }

  private List<CatalogueItem> items(
      String option, String list, Catalogue catalogue, List<String> mistakes) {
    if (list == null) {
      return List.of();
    }
    return titles == null
        ? keys(option, list, catalogue, mistakes)
        : catalogue.itemsOfTitles(option, list, mistakes);
  }

  /** Reads keys; somebody who wrote titles is told how to name those. */
  private static List<CatalogueItem> keys(
      String option, String list, Catalogue catalogue, List<String> mistakes) {
    List<String> wrong = new ArrayList<>();
    List<CatalogueItem> found = catalogue.itemsOfKeys(option, list, wrong);
    if (!wrong.isEmpty() && catalogue.itemsOfTitles(option, list, new ArrayList<>()).size() > 0) {
      wrong.add(option + " takes keys; these look like titles, which --titles takes");
    }
    mistakes.addAll(wrong);
    return found;
  }

  private void answerAll(Recommender recommender, Terminal terminal) throws IOException {
    BatchJob job =
        new BatchJob(recommender, out, force, terminal.progress(), terminal.interruption());
    BatchJob.Result result;
    if (requests != null) {
      try (RequestFile file = new RequestFile(requests, recommender.catalogue(), top)) {
        long total = RequestFile.check(requests, recommender.catalogue(), top);
        result = job.run(file, total, requests, identity(Hashes.sha256(requests)));
      }
    } else {
      DataHistory histories = DataHistory.read(data, recommender.catalogue());
      List<UserSequence> users =
          histories.dataset().users().stream().filter(sequence -> sequence.length() > 0).toList();
      Iterator<NamedRequest> asked =
          users.stream()
              .map(one -> new NamedRequest(one.user(), histories.of(one).top(top)))
              .iterator();
      result =
          job.run(asked, users.size(), data, identity(DatasetFolder.hash(histories.dataset())));
    }
    terminal.line(
        "Answered %s in %.1f s, %.1f a second%s, into %s"
            .formatted(
                Counted.of(result.requests(), "request"),
                result.seconds(),
                result.rate(),
                result.resumed() > 0
                    ? " (%,d were there from before)".formatted(result.resumed())
                    : "",
                out));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("out", out.toString());
    json.put("requests", result.requests());
    json.put("resumed", result.resumed());
    json.put("seconds", result.seconds());
    json.put("requestsPerSecond", result.rate());
    terminal.json(json);
  }

  private String identity(String asked) throws IOException {
    return Hashes.key(model.identity(), asked, Integer.toString(top));
  }
}
