package dev.ilora.runs;

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

/**
 * What is known of evaluated rows whatever method ranks them, as kept in {@code rows.jsonl}: a
 * header line, then one line a row.
 *
 * <pre>
 * {"schema":1,"candidates_hash":"sha256:...","longest_history":10,"clusters_by":"SASRec","rows":2000}
 * {"row":0,"user":"u1","history":7,"target_count":31,"cluster":2}
 * </pre>
 *
 * @param candidatesHash content hash of the candidates these are the rows of
 * @param longestHistory the most history items a row was given; longer histories were cut to it
 * @param clustersBy name of the recommender whose sequence embeddings were clustered, or null where
 *     rows have no clusters
 * @param rows one fact a row, in the order of the candidate file
 */
public record CaseFacts(
    String candidatesHash, int longestHistory, String clustersBy, List<CaseFact> rows) {
  private static final int SCHEMA = 1;

  /**
   * What is known of one row.
   *
   * @param row index of the row in the evaluation file
   * @param user the user's raw id
   * @param history number of items in the history
   * @param targetCount how often the target is chosen in the training part
   * @param cluster cluster of the history's sequence embedding, from 1, the largest first; 0 where
   *     there are no clusters
   */
  public record CaseFact(int row, String user, int history, int targetCount, int cluster) {
    /** Checks that the user is there and the numbers are possible. */
    public CaseFact {
      Objects.requireNonNull(user, "user");
      if (history < 0 || targetCount < 0 || cluster < 0) {
        throw new IllegalArgumentException(
            "row %d: history %d, target_count %d and cluster %d must be at least 0"
                .formatted(row, history, targetCount, cluster));
      }
    }

    private Map<String, Object> line() {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("row", row);
      line.put("user", user);
      line.put("history", history);
      line.put("target_count", targetCount);
      if (cluster > 0) {
        line.put("cluster", cluster);
      }
      return line;
    }

    private static CaseFact of(JsonLine line) {
      int row = line.integer("row");
      String user = line.text("user");
      int history = line.integer("history");
      int targetCount = line.integer("target_count");
      int cluster = line.has("cluster") ? line.integer("cluster") : 0;
      try {
        return new CaseFact(row, user, history, targetCount, cluster);
      } catch (IllegalArgumentException e) {
        throw line.mistake(e.getMessage());
      }
    }
  }

  /** Checks that the hash is there and copies the list. */
  public CaseFacts {
    Objects.requireNonNull(candidatesHash, "candidatesHash");
    rows = List.copyOf(rows);
  }

  /** Writes the file whole or not at all. */
  public void write(Path file) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("schema", SCHEMA);
    header.put("candidates_hash", candidatesHash);
    header.put("longest_history", longestHistory);
    header.put("clusters_by", clustersBy);
    header.put("rows", rows.size());
    List<Map<String, Object>> lines = new ArrayList<>(List.of(header));
    rows.forEach(row -> lines.add(row.line()));
    JsonLines.write(file, lines);
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @throws BadInputException naming the line, if the file is missing, cut short, of a newer
   *     schema, or a row is impossible
   */
  public static CaseFacts read(Path file) {
    HeadedLines lines = HeadedLines.read(file, SCHEMA);
    JsonLine header = lines.header();
    return new CaseFacts(
        header.text("candidates_hash"),
        header.integer("longest_history"),
        header.textOrNull("clusters_by"),
        lines.rows().stream().map(CaseFact::of).toList());
  }
}
