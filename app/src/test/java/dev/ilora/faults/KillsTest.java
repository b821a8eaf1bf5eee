package dev.ilora.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small form of the campaign's kills. */
@Tag("slow")
class KillsTest {
  private static final Stage RECOMMENDER = Stage.ALL.get(1);
  private static final Stage ADAPTER = Stage.ALL.get(2);

  @TempDir Path folder;
  private Commands commands;

  @BeforeEach
  void begin() throws IOException {
    List<String> program = new ArrayList<>(Program.command());
    program.add("--quiet");
    commands = new Commands(program, Faults.world(folder));
  }

  @Test
  void whatWasKilledEndsAsIfItWereNot() throws IOException, InterruptedException {
    Kills kills = new Kills(commands, folder, 1);
    kills.prepare(List.of(RECOMMENDER, ADAPTER));
    for (long number = 0; number < 2; number++) {
      Kills.Result result = kills.kill(number);
      assertEquals("", result.fault(), result.toString());
    }
  }

  /** Killed after its last checkpoint, before its recommender is there. */
  @Test
  void aKilledTrainingOfARecommenderGivenAgainEndsWithTheSameWeights()
      throws IOException, InterruptedException {
    Path whole = Files.createDirectories(folder.resolve("whole/work"));
    Path killed = Files.createDirectories(folder.resolve("killed/work"));
    assertEquals(0, commands.run(RECOMMENDER, whole).exitCode());
    Commands.Started started = commands.start(RECOMMENDER, killed);
    Path checkpoints = killed.resolve("sasrec-checkpoints");
    while (started.process().isAlive() && Commands.count(checkpoints) < 2) {
      Thread.sleep(1);
    }
    started.process().destroyForcibly().waitFor();
    assertTrue(Files.exists(checkpoints), Files.readString(started.log()));
    Commands.Ended again = commands.run(RECOMMENDER, killed);
    assertTrue(again.exitCode() == 0 || again.said().contains("exists already"), again.toString());
    assertEquals(List.of(), Outcome.of(whole).differences(Outcome.of(killed)));
  }
}
