package dev.ilora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InterruptionTest {
  /** Works until a signal comes, guarded or not. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) throws InterruptedException {
      try (var interruption = Interruption.onSignals()) {
        if (args[0].equals("unguarded")) {
          System.out.println("ready");
          Thread.sleep(20_000);
        }
        try (var _ = interruption.guard()) {
          System.out.println("ready");
          for (int i = 0; !interruption.requested(); i++) {
            if (i == 4_000) {
              System.out.println("no signal came");
              System.exit(1);
            }
            Thread.sleep(5);
          }
          Thread.sleep(100);
          System.out.println("saved");
        }
        System.out.println("said");
      }
      System.exit(0);
    }
  }

  private static String signal(String signal, String kind)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                kind)
            .start();
    StringBuilder output = new StringBuilder();
    try (BufferedReader lines = process.inputReader()) {
      output.append(lines.readLine());
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      lines.lines().forEach(line -> output.append(' ').append(line));
    }
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    return output + " " + process.exitValue();
  }

  @Test
  void aSignalWaitsForTheGuardedPartAndEndsWith130() throws IOException, InterruptedException {
    assertEquals("ready saved said 130", signal("TERM", "guarded"));
  }

  @Test
  void soDoesCtrlC() throws IOException, InterruptedException {
    assumeFalse(ignoresInt(), "SIGINT is ignored here, as in a background job of a script");
    assertEquals("ready saved said 130", signal("INT", "guarded"));
  }

  /** Whether this process, and so those it starts, was told to ignore Ctrl-C. */
  private static boolean ignoresInt() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(8).strip(), 16) & 2) != 0);
  }

  @Test
  void aSignalEndsUnguardedWorkAtOnce() throws IOException, InterruptedException {
    assertEquals("ready 130", signal("TERM", "unguarded"));
  }

  @Test
  void aRequestIsSeenByWhoeverPolls() {
    Interruption interruption = Interruption.never();
    assertFalse(interruption.requested());
    interruption.request();
    assertTrue(interruption.requested());
  }
}
