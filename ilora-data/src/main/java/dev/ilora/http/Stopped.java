package dev.ilora.http;

import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;

/** The end of a download that the user stopped. */
final class Stopped {
  private static final String TEXT =
      "Stopped; what came is kept, and the same command goes on from there";

  private Stopped() {}

  static void check(Interruption interruption) {
    if (interruption.requested()) {
      throw new InterruptedRunException(TEXT);
    }
  }

  /** For a thread that somebody else interrupted. */
  static InterruptedRunException byThread() {
    Thread.currentThread().interrupt();
    return new InterruptedRunException(TEXT);
  }
}
