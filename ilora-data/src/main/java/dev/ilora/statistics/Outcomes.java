package dev.ilora.statistics;

import dev.ilora.BadInputException;
import dev.ilora.files.HeadedLines;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The cases one run was evaluated on, as kept in {@code outcomes.jsonl}: a header line, then one
 * line a case.
 *
 * <pre>
 * {"schema":2,"method":"iLoRA","seed":1,"protocol":"likelihood","candidatesHash":"sha256:...","lines":2000}
 * {"case":0,"user":"u1","target":3,"rank":1,"candidates":[3,7],"scores":[-1.2,-4.5],"answer":"Alien","answerItem":3,"referenceItem":3}
 * </pre>
 *
 * <p>{@code scores} and the fields of the answer may be absent; {@code answerItem} and {@code
 * referenceItem} are -1 where the text names no candidate.
 *
 * @param method name of the method, such as {@code iLoRA}
 * @param seed seed of the run
 * @param protocol how candidates were ranked: {@code scores}, {@code likelihood}, {@code
 *     constrained} or {@code generate}
 * @param candidatesHash content hash of the candidate file, carried by every result
 * @param rows one result a row, in the order of the candidate file
 */
public record Outcomes(
    String method, long seed, String protocol, String candidatesHash, List<Outcome> rows) {
  private static final int SCHEMA = 2;

  /** Checks that the names are there and copies the list. */
  public Outcomes {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(candidatesHash, "candidatesHash");
    rows = List.copyOf(rows);
  }

  /** The metrics of these rows. */
  public Metrics metrics() {
    return Metrics.of(rows);
  }

  /**
   * The same run on some of its rows.
   *
   * @param wanted numbers of rows, {@link Outcome#row()}
   */
  public Outcomes only(Set<Integer> wanted) {
    List<Outcome> some = rows.stream().filter(row -> wanted.contains(row.row())).toList();
    return new Outcomes(method, seed, protocol, candidatesHash, some);
  }

  /**
   * Checks that other outcomes can be paired with these row by row.
   *
   * @throws IllegalArgumentException naming both methods and what differs: the candidate hashes,
   *     the number of rows, or the first row with another user or target
   */
  public void requireSameRows(Outcomes other) {
    if (!candidatesHash.equals(other.candidatesHash)) {
      throw cannotPair(
          other, "different candidates, " + candidatesHash + " and " + other.candidatesHash);
    }
    if (rows.size() != other.rows.size()) {
      throw cannotPair(other, "different rows, " + rows.size() + " and " + other.rows.size());
    }
    for (int i = 0; i < rows.size(); i++) {
      Outcome a = rows.get(i);
      Outcome b = other.rows.get(i);
      if (a.row() != b.row() || a.target() != b.target() || !a.user().equals(b.user())) {
        throw cannotPair(other, "different rows, first " + described(a) + " and " + described(b));
      }
    }
  }

  /** Writes the file whole or not at all. */
  public void write(Path file) {
    new HeadedLines<>(
            new OutcomeLine.Header(method, seed, protocol, candidatesHash),
            rows.stream().map(OutcomeLine::of).toList())
        .write(file, SCHEMA);
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @throws BadInputException naming the line, if the file is missing, cut short, of another
   *     schema, or a line lacks a field, has an unknown one or contradicts itself
   */
  public static Outcomes read(Path file) {
    var lines =
        HeadedLines.read(
            file, SCHEMA, OutcomeLine.Header.class, OutcomeLine.class, OutcomeLine::outcome);
    OutcomeLine.Header header = lines.header();
    return new Outcomes(
        header.method(), header.seed(), header.protocol(), header.candidatesHash(), lines.lines());
  }

  private IllegalArgumentException cannotPair(Outcomes other, String why) {
    return new IllegalArgumentException(
        "cannot compare " + method + " with " + other.method + ": " + why);
  }

  private static String described(Outcome row) {
    return "row " + row.row() + " (user " + row.user() + ", target " + row.target() + ")";
  }
}
