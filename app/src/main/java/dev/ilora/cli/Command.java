package dev.ilora.cli;

import java.io.IOException;

/** One command, its options already filled in. */
public interface Command {
  /**
   * Does the work.
   *
   * @param terminal where results, progress and remarks go
   * @throws IOException if a file or stream cannot be read or written
   */
  void run(Terminal terminal) throws IOException;
}
