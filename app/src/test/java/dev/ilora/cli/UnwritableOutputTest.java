package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who pipes a result into a full disk must not believe that it is there. */
@Tag("slow")
class UnwritableOutputTest extends RunsCommands {
  private static final File FULL = new File("/dev/full");

  @TempDir private Path folder;

  @BeforeEach
  void requireDevice() {
    Assumptions.assumeTrue(FULL.exists(), "needs /dev/full");
  }

  private static void assertEnds(int code, String said, String... words)
      throws IOException, InterruptedException {
    Process process = Program.with(words).redirectOutput(FULL).start();
    byte[] err = process.getErrorStream().readAllBytes();
    assertEquals(said, new String(err, StandardCharsets.UTF_8).strip(), String.join(" ", words));
    assertEquals(code, process.waitFor(), String.join(" ", words));
  }

  @Test
  void aResultThatCannotBeWrittenIsAFailure() throws IOException, InterruptedException {
    Path raw = Files.createDirectories(folder.resolve("raw"));
    Files.write(raw.resolve("interactions.csv"), List.of("user,item,time", "u,a,1", "u,b,2"));
    String data = folder.resolve("data").toString();
    assertEquals(0, run("data", "import", raw.toString(), "--out", data), err::toString);
    String failure = "ilora: standard output cannot be written: No space left on device";
    assertEnds(1, failure, "--version");
    assertEnds(1, failure, "data", "--help");
    assertEnds(1, failure, "data", "describe", data, "--quiet");
    assertEnds(1, failure, "data", "describe", data, "--quiet", "--json");
  }

  @Test
  void aReaderThatLeavesIsNoMistakeToTellOf() throws IOException, InterruptedException {
    Process process = Program.with("--help").start();
    process.getInputStream().close();
    byte[] err = process.getErrorStream().readAllBytes();
    assertEquals("", new String(err, StandardCharsets.UTF_8));
    process.waitFor();
  }

  @Test
  void anEarlierFailureKeepsItsCode() throws IOException, InterruptedException {
    assertEnds(
        3,
        "ilora: /nowhere: no such folder; name the data set's new place if it was moved, or make it"
            + " with 'ilora data import'",
        "data",
        "describe",
        "/nowhere",
        "--json");
  }
}
