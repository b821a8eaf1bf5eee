package dev.ilora.statistics;

import dev.ilora.BadInputException;
import dev.ilora.files.HeadedLines;
import dev.ilora.files.JsonLine;
import dev.ilora.files.JsonLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The rows one run was evaluated on, as kept in {@code predictions.jsonl}: a header line, then one
 * line a row.
 *
 * <pre>
 * {"schema":1,"method":"iLoRA","seed":1,"protocol":"likelihood","candidates_hash":"sha256:...","rows":2000}
 * {"row":0,"user":"u1","target":3,"rank":1,"candidates":[3,7],"scores":[-1.2,-4.5],"valid":true,"answer":"Alien","answer_item":3,"reference_item":3}
 * </pre>
 *
 * <p>{@code scores} and the fields of the answer may be absent; {@code answer_item} and {@code
 * reference_item} are -1 where the text names no candidate.
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
  private static final int SCHEMA = 1;

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
   * Checks that other predictions can be paired with these row by row.
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
    List<Map<String, Object>> lines = new ArrayList<>();
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("schema", SCHEMA);
    header.put("method", method);
    header.put("seed", seed);
    header.put("protocol", protocol);
    header.put("candidates_hash", candidatesHash);
    header.put("rows", rows.size());
    lines.add(header);
    rows.forEach(row -> lines.add(line(row)));
    JsonLines.write(file, lines);
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @throws BadInputException naming the line, if the file is missing, cut short, of a newer
   *     schema, or a row contradicts itself
   */
  public static Outcomes read(Path file) {
    HeadedLines lines = HeadedLines.read(file, SCHEMA);
    JsonLine header = lines.header();
    return new Outcomes(
        header.text("method"),
        header.longInteger("seed"),
        header.text("protocol"),
        header.text("candidates_hash"),
        lines.rows().stream().map(Outcomes::row).toList());
  }

  private static Map<String, Object> line(Outcome row) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("row", row.row());
    line.put("user", row.user());
    line.put("target", row.target());
    line.put("rank", row.rank());
    line.put("candidates", row.candidates());
    if (row.scores() != null) {
      line.put("scores", row.scores());
    }
    line.put("valid", row.valid());
    if (row.answer() != null) {
      line.put("answer", row.answer().text());
      line.put("answer_item", row.answer().item());
      line.put("reference_item", row.answer().referenceItem());
    }
    return line;
  }

  private static Outcome row(JsonLine line) {
    Answer answer =
        line.has("answer")
            ? new Answer(
                line.text("answer"), line.integer("answer_item"), line.integer("reference_item"))
            : null;
    int index = line.integer("row");
    String user = line.text("user");
    int target = line.integer("target");
    int[] candidates = line.integers("candidates");
    double[] scores = line.has("scores") ? line.numbers("scores") : null;
    int rank = line.integer("rank");
    try {
      return new Outcome(index, user, target, candidates, scores, rank, answer);
    } catch (IllegalArgumentException e) {
      throw line.mistake(e.getMessage());
    }
  }

  private IllegalArgumentException cannotPair(Outcomes other, String why) {
    return new IllegalArgumentException(
        "cannot compare " + method + " with " + other.method + ": " + why);
  }

  private static String described(Outcome row) {
    return "row " + row.row() + " (user " + row.user() + ", target " + row.target() + ")";
  }
}
