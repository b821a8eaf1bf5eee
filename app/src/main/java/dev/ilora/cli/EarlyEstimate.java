package dev.ilora.cli;

import dev.ilora.Progress;
import dev.ilora.RunContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Says once, early, how long all language models of a command will take, and where that is long,
 * what takes less.
 */
final class EarlyEstimate implements Progress {
  /** Long enough for times left that do not depend on the first, slow seconds. */
  private static final Duration WATCHED = Duration.ofSeconds(12);

  private static final Duration LONG = Duration.ofMinutes(4);

  private final Progress progress;
  private final Consumer<String> remark;
  private final InstantSource clock;
  private final String less;
  private Instant first;
  private boolean told;

  /**
   * @param progress hears everything
   * @param remark takes the sentence
   * @param less what takes less time, as a sentence
   */
  EarlyEstimate(Progress progress, Consumer<String> remark, InstantSource clock, String less) {
    this.progress = progress;
    this.remark = remark;
    this.clock = clock;
    this.less = less;
  }

  /** What work of a command needs of the world, with this estimate said to its terminal. */
  static RunContext context(Terminal terminal, String less) {
    RunContext context = terminal.context();
    return context.withProgress(
        new EarlyEstimate(context.progress(), terminal::remark, context.clock(), less));
  }

  @Override
  public void update(String what, long done, long total, String detail) {
    progress.update(what, done, total, detail);
  }

  @Override
  public synchronized void update(
      String what, long done, long total, String detail, Duration left) {
    Instant now = clock.instant();
    if (first == null) {
      first = now;
    }
    if (!told && Duration.between(first, now).compareTo(WATCHED) >= 0) {
      told = true;
      remark.accept(
          "The language models take about %s from now.%s"
              .formatted(
                  ProgressLines.time(left.toMillis()), left.compareTo(LONG) > 0 ? " " + less : ""));
    }
    progress.update(what, done, total, detail, left);
  }

  @Override
  public void remark(String text) {
    progress.remark(text);
  }
}
