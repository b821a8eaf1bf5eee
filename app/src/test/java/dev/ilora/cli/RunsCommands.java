package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.Interruption;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What tests of commands share: running a command line, and what it printed. */
abstract class RunsCommands {
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  /** Runs one command line and returns its exit code. */
  final int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return new Main(new PrintWriter(out), new PrintWriter(err), Interruption.never())
        .run(Commands.ALL, args);
  }

  /** Runs one that fails with this exit code, and returns what it said on standard error. */
  final String error(int code, String... args) {
    assertEquals(code, run(args), err::toString);
    assertEquals("", out.toString());
    return err.toString().strip();
  }
}
