package dev.ilora;

import java.time.Duration;

/**
 * Where long work tells how far it is. The command line draws it on the terminal; a library caller
 * may pass a lambda or {@link #NONE}. Calls are cheap: the receiver decides how often to show them.
 */
@FunctionalInterface
public interface Progress {
  /** Tells nobody. */
  Progress NONE = (what, done, total, detail) -> {};

  /**
   * Tells how far one piece of work is. The piece ends with the call whose {@code done} reaches
   * {@code total}; a new {@code what} starts a new piece.
   *
   * @param what the work, for example {@code "pretraining"}; the same text in all calls of one
   *     piece
   * @param done units finished so far, at least 0
   * @param total units altogether, or 0 where that is not known
   * @param detail a few more words such as {@code "loss 1.23, 4512 tokens/s"}, or the empty string
   */
  void update(String what, long done, long total, String detail);

  /**
   * The same where the piece belongs to more work and it is known how long all of it still takes.
   *
   * @param left time that all of the work still takes
   */
  default void update(String what, long done, long total, String detail, Duration left) {
    update(what, done, total, detail);
  }

  /** Says something beside, such as that prompts were cut. */
  default void remark(String text) {
    update(text, 1, 1, "");
  }
}
