package dev.ilora.cli;

import dev.ilora.Interruption;

/** How the process ends. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;
  static final int BAD_INPUT = 3;
  static final int INTERRUPTED = Interruption.EXIT_CODE;

  private ExitCode() {}
}
