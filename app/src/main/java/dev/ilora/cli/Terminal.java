package dev.ilora.cli;

import dev.ilora.Interruption;
import dev.ilora.Printable;
import dev.ilora.Progress;
import dev.ilora.RunContext;
import dev.ilora.files.JsonLines;
import java.io.PrintWriter;
import java.time.InstantSource;

/** What a command sees of the world: its outputs, the global options, and the user's Ctrl-C. */
public final class Terminal {
  private final PrintWriter out;
  private final PrintWriter err;
  private final GlobalOptions options;
  private final Interruption interruption;
  private final Progress progress;

  Terminal(PrintWriter out, PrintWriter err, GlobalOptions options, Interruption interruption) {
    this.out = out;
    this.err = err;
    this.options = options;
    this.interruption = interruption;
    this.progress = ProgressLines.forTerminal(err, options.quiet || options.json);
  }

  /** Prints a line of the result, unless JSON is wanted. */
  public void line(String text) {
    if (!options.json) {
      out.println(Printable.lines(text));
      out.flush();
    }
  }

  /**
   * Prints the result as JSON if that is wanted.
   *
   * @param result a record, map, list or plain value
   */
  public void json(Object result) {
    if (options.json) {
      out.print(JsonLines.indented(result));
      out.flush();
    }
  }

  /** Says something beside the result on standard error, unless {@code --quiet}. */
  public void remark(String text) {
    if (!options.quiet) {
      ProgressLines.clear(progress);
      err.println(Printable.lines(text));
      err.flush();
    }
  }

  /** Where long work tells how far it is. */
  public Progress progress() {
    return progress;
  }

  /** Tells long work that the user wants to stop. */
  public Interruption interruption() {
    return interruption;
  }

  /** What long work needs of the world, on the clock of this machine. */
  public RunContext context() {
    return new RunContext(progress, interruption, InstantSource.system());
  }
}
