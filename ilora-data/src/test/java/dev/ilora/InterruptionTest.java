package dev.ilora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
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
          Thread.sleep(60_000);
        }
        try (var _ = interruption.guard()) {
          System.out.println("ready");
          while (!interruption.requested()) {
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
    assertEquals("ready saved said 130", signal("INT", "guarded"));
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
