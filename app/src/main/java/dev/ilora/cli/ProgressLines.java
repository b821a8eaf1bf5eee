package dev.ilora.cli;

import dev.ilora.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Shows progress on standard error: on a terminal one line that changes, elsewhere a plain line now
 * and then.
 */
final class ProgressLines implements Progress {
  private static final long REDRAW_MILLIS = 200;
  private static final long PLAIN_MILLIS = 10_000;
  private static final String ERASE = "\r\u001b[K";

  private final PrintWriter err;
  private final int columns;
  private final InstantSource clock;
  private final Map<String, Start> starts = new HashMap<>();
  private String shown = "";
  private long shownMillis;
  private boolean lineOpen;

  /**
   * Progress on a terminal or in a log.
   *
   * @param columns width of the terminal, or 0 for plain lines
   */
  ProgressLines(PrintWriter err, int columns, InstantSource clock) {
    this.err = err;
    this.columns = columns;
    this.clock = clock;
  }

  /**
   * The form that fits this process; the launcher says with the property {@code ilora.terminal}
   * that standard error is a terminal and how wide. ILORA_PROGRESS=plain asks for plain lines, none
   * for none.
   */
  static Progress forTerminal(PrintWriter err, boolean silent) {
    String wanted = System.getenv().getOrDefault("ILORA_PROGRESS", "");
    if (silent || wanted.equals("none")) {
      return Progress.NONE;
    }
    int columns = wanted.equals("plain") ? 0 : Integer.getInteger("ilora.terminal", 0);
    return new ProgressLines(err, columns, InstantSource.system());
  }

  /** Makes room for another line. */
  static void clear(Progress progress) {
    if (progress instanceof ProgressLines lines) {
      lines.clearLine();
    }
  }

  /** When a piece was first told of, and how far it was. */
  private record Start(long millis, long done) {}

  @Override
  public void update(String what, long done, long total, String detail) {
    update(what, done, total, detail, Optional.empty());
  }

  @Override
  public void update(String what, long done, long total, String detail, Duration left) {
    update(what, done, total, detail, Optional.of(left));
  }

  @Override
  public synchronized void remark(String text) {
    show(text, true);
    shown = "";
  }

  private synchronized void update(
      String what, long done, long total, String detail, Optional<Duration> left) {
    long now = clock.millis();
    boolean fresh = !what.equals(shown);
    boolean finished = total > 0 && done >= total;
    Start start = starts.computeIfAbsent(what, _ -> new Start(now, done));
    if (!fresh && !finished && now - shownMillis < (columns > 0 ? REDRAW_MILLIS : PLAIN_MILLIS)) {
      return;
    }
    shown = finished ? "" : what;
    shownMillis = now;
    show(what + text(done, total, detail, start, now - start.millis(), left), finished);
    if (finished) {
      starts.remove(what);
    }
  }

  private void show(String text, boolean finished) {
    if (columns > 0) {
      String fitting = text.length() < columns ? text : text.substring(0, columns - 1);
      err.print(ERASE + fitting + (finished ? System.lineSeparator() : ""));
      lineOpen = !finished;
    } else {
      err.println(text);
    }
    err.flush();
  }

  private synchronized void clearLine() {
    if (lineOpen) {
      err.print(ERASE);
      lineOpen = false;
    }
  }

  private static String text(
      long done, long total, String detail, Start start, long millis, Optional<Duration> left) {
    StringBuilder text = new StringBuilder("  ").append(done);
    if (total > 0) {
      text.append('/').append(total).append(" (").append(100 * done / total).append(" %)");
    }
    // Work taken up again begins above 0: only what was done since then tells how fast it is.
    long moved = done - start.done();
    boolean known = millis >= 1000 && moved > 0;
    if (known) {
      text.append("  ").append(rate(moved, millis));
    }
    if (!detail.isEmpty()) {
      text.append("  ").append(detail);
    }
    if (total > 0 && done >= total) {
      text.append("  took ").append(time(millis));
    } else if (left.isPresent()) {
      text.append("  ").append(time(left.get().toMillis())).append(" left in all");
    } else if (total > 0 && known) {
      text.append("  ").append(time((total - done) * millis / moved)).append(" left");
    }
    return text.toString();
  }

  private static String rate(long done, long millis) {
    double perSecond = done * 1000.0 / millis;
    return perSecond >= 10
        ? "%.0f/s".formatted(perSecond)
        : perSecond >= 0.1 ? "%.1f/s".formatted(perSecond) : "%.1f/min".formatted(60 * perSecond);
  }

  /** A duration in hours, minutes and seconds. */
  static String time(long millis) {
    Duration time = Duration.ofMillis(millis);
    return time.toHours() > 0
        ? "%d h %02d min".formatted(time.toHours(), time.toMinutesPart())
        : time.toMinutes() > 0
            ? "%d min %02d s".formatted(time.toMinutes(), time.toSecondsPart())
            : "%d s".formatted(time.toSeconds());
  }
}
