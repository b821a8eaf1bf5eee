package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.RunContext;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Dataset;
import dev.ilora.data.Part;
import dev.ilora.data.UserSequence;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.recommender.Architecture;
import dev.ilora.synthetic.DemoWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs share, and what a recipe may not ask for. */
class WorkspaceTest {
  private static final List<UserSequence> USERS = DemoWorld.generate(1).users().subList(0, 5);

  @TempDir Path folder;
  private Workspace workspace;

  @BeforeEach
  void writeData() throws IOException {
    DatasetFolder.write(
        new Dataset("mini", DemoWorld.generate(1).items(), USERS, Map.of()),
        folder.resolve("data"));
    workspace = new Workspace(folder.resolve("runs"));
  }

  private Recipe recipe(String... more) {
    List<String> words =
        new ArrayList<>(List.of("method=popularity", "data=" + folder.resolve("data")));
    words.addAll(List.of(more));
    return Config.bind(Recipe.class, words);
  }

  @Test
  void trainingKnowsNothingOfWhatIsHeldOut() {
    Map<String, BitSet> seen = workspace.data(recipe("rows.split=leave-one-out")).seenInTraining();
    assertEquals(USERS.size(), seen.size());
    for (UserSequence user : USERS) {
      BitSet before = new BitSet();
      Arrays.stream(user.items()).limit(user.length() - 2).forEach(before::set);
      assertEquals(before, seen.get(user.user()), user.user());
    }
  }

  @Test
  void anInterruptedRecommenderGoesOnAndLeavesNoCheckpoints() throws IOException {
    Recipe recipe = recipe("rows.split=leave-one-out", "recommender.epochs=3");
    var stop = Interruption.never();
    Progress stopping = (_, _, _, _) -> stop.request();
    var stopped =
        new Workspace(
            folder.resolve("stopped"), new RunContext(stopping, stop, InstantSource.system()));
    assertThrows(
        InterruptedRunException.class,
        () -> stopped.recommenders(recipe).of(Architecture.Model.SASREC));
    assertTrue(folders(stopped).getLast().endsWith("-checkpoints"), () -> "beside the folder");
    var later = new Workspace(stopped.root());
    List<int[]> histories = List.of(new int[] {1, 2, 3});
    try (var resumed = later.recommenders(recipe).of(Architecture.Model.SASREC);
        var whole = workspace.recommenders(recipe).of(Architecture.Model.SASREC)) {
      assertArrayEquals(whole.scores(histories), resumed.scores(histories));
    }
    assertEquals(folders(workspace), folders(later));
  }

  private static List<String> folders(Workspace workspace) throws IOException {
    try (var entries = Files.list(workspace.root())) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aPartWithoutRowsIsNamedBeforeAnythingIsWritten() {
    Recipe recipe = recipe("rows.split=users-by-time:0.8,0");
    assertEquals(
        "no valid row of %s: with split users-by-time:0.8,0 no position has rows.minHistory=3 items before it; the data's times are 1970-01-01T00:28:28Z to 1970-01-01T00:28:41Z"
            .formatted(recipe.data()),
        assertThrows(ConfigException.class, () -> workspace.data(recipe).candidates(Part.VALID))
            .getMessage());
    assertEquals(false, Files.exists(workspace.root()));
  }

  @Test
  void moreCandidatesThanAUserLeavesAreAMistakeOfTheRecipe() {
    Recipe recipe = recipe("rows.split=leave-one-out", "rows.candidates=300");
    String message =
        assertThrows(ConfigException.class, () -> workspace.data(recipe).candidates(Part.TEST))
            .getMessage();
    assertTrue(message.startsWith("rows.candidates: cannot draw 300 candidates for row "), message);
  }

  @Test
  void whatARecipeNamesAndNobodyKnowsIsAMistakeOfTheRecipe() {
    ConfigException template =
        assertThrows(
            ConfigException.class, () -> Workspace.template(recipe("prompt.template=film")));
    assertEquals(
        "prompt.template: no template named 'film'; built in are movie, movie-short, artist,"
            + " artist-short, game, game-short, item, item-short",
        template.getMessage());
    for (String word :
        List.of("recommender.epochs=0", "recommender.dropout=1", "adapter.experts=17")) {
      assertThrows(ConfigException.class, () -> recipe(word), word);
    }
  }
}
