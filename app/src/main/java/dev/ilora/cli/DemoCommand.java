package dev.ilora.cli;

import dev.ilora.Counted;
import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.experiment.Recipe;
import dev.ilora.experiment.Workspace;
import dev.ilora.runs.Method;
import dev.ilora.study.Study;
import dev.ilora.synthetic.DemoWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** {@code ilora demo}: the whole way on a small world whose rules are known. */
@CommandLine.Command(
    name = "demo",
    header = "Run the whole way on a small made-up world: data, training, comparison, report.",
    description = {
      "About 400 users of a few groups with conflicting tastes choose among 300 titles. SASRec is"
          + " trained,",
      "ilora-base, the language model that comes with ilora, is adapted in two ways, and all of",
      "them rank the same candidates. Nothing is downloaded."
    })
final class DemoCommand implements Command {
  private static final List<Method> METHODS =
      List.of(Method.POPULARITY, Method.SASREC, Method.ZERO_SHOT, Method.LLARA, Method.ILORA);

  /** A smaller comparison: less than half of the work. */
  private static final List<Method> QUICK_METHODS =
      List.of(Method.POPULARITY, Method.SASREC, Method.LLARA, Method.ILORA);

  private static final List<String> QUICK_SETTINGS =
      List.of("rows.testRows=200", "training.steps=90", "training.validations=1");

  @CommandLine.Option(
      names = "--quick",
      description = "Compare four methods instead of five, trained for half as long.")
  private boolean quick;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for data and runs (default runs/demo; with --quick runs/demo-quick).")
  private Path out;

  @CommandLine.Mixin private ThreadOptions threads;

  @CommandLine.Parameters(
      paramLabel = "key=value",
      arity = "0..*",
      description = "Settings that change all recipes.")
  private List<String> overrides = new ArrayList<>();

  @Override
  public void run(Terminal terminal) throws IOException {
    Instant started = Instant.now();
    if (out == null) {
      out = Path.of("runs", quick ? "demo-quick" : "demo");
    }
    Path data = out.resolve("world");
    List<Recipe> recipes = new ArrayList<>();
    for (Method method : quick ? QUICK_METHODS : METHODS) {
      recipes.add(recipe(method, data));
    }
    recipes.forEach(Workspace::requireUsable);
    threads.check();
    Dataset world = DemoWorld.generate(1);
    DatasetFolder.write(world, data);
    terminal.remark(
        "The demo world: "
            + Counted.data(world.users().size(), world.itemCount(), world.interactionCount()));
    threads.set(terminal);
    Study study = new Study(workspace(terminal), recipes, 1);
    FirstReport first =
        FirstReport.run(
            study,
            Optional.of(Method.ILORA.label()),
            Method.LLARA.label(),
            out.resolve("report.html"),
            new FirstReport.Around(List.of(), _ -> next(world)));
    long seconds = Duration.between(started, Instant.now()).toSeconds();
    first.print(terminal);
    terminal.line(
        "Took %d min %02d s. The report is %s".formatted(seconds / 60, seconds % 60, first.page()));
    terminal.line("");
    first.printNext(terminal);
    Map<String, Object> result = first.json();
    result.put("wallSeconds", seconds);
    terminal.json(result);
  }

  private List<String> next(Dataset world) {
    return List.of(
        "Ask the trained model:",
        "  ./ilora recommend %s --titles %s"
            .formatted(ShellWord.of(out.resolve("ilora-seed1")), ShellWord.of(someHistory(world))),
        "Compare SASRec, LLaRA and iLoRA on MovieLens:",
        "  ./ilora data download ml-100k",
        "  ./ilora data import data/raw/ml-100k --papers --name ml-100k",
        "  ./ilora study recipes/{sasrec,llara,ilora}.yaml data=data/ml-100k"
            + " prompt.template=movie-short training.steps=300 --seeds 2 --jobs 2 --out"
            + " runs/ml-100k-short",
        "Your own data: ./ilora start FOLDER");
  }

  private Workspace workspace(Terminal terminal) {
    String less =
        quick
            ? "Ctrl-C stops; the same command goes on from there."
            : "ilora demo --quick takes less than half of that: stop this with Ctrl-C.";
    return new Workspace(out, EarlyEstimate.context(terminal, less));
  }

  private Recipe recipe(Method method, Path data) {
    List<String> words =
        new ArrayList<>(List.of(BundledRecipes.text("demo.settings").strip().split("\\s+")));
    words.addAll(quick ? QUICK_SETTINGS : List.of());
    words.add("data=" + data);
    words.addAll(overrides);
    return BundledRecipes.recipe(method, words);
  }

  private static String someHistory(Dataset world) {
    int[] items = world.users().getLast().items();
    List<String> titles = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      titles.add(world.titles().get(items[i]));
    }
    return String.join("; ", titles);
  }
}
