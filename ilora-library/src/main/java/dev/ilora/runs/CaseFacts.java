package dev.ilora.runs;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ilora.BadInputException;
import dev.ilora.files.HeadedLines;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of evaluated cases whatever method ranks them, as kept in {@code cases.jsonl}: a
 * header line, then one line a case.
 *
 * <pre>
 * {"schema":2,"candidatesHash":"sha256:...","longestHistory":10,"clustersBy":"SASRec","lines":2000}
 * {"case":0,"user":"u1","history":7,"targetCount":31,"cluster":2}
 * </pre>
 *
 * @param about what they are about
 * @param cases one fact a case, in the order of the candidate file
 */
public record CaseFacts(About about, List<CaseFact> cases) {
  private static final int SCHEMA = 2;

  /**
   * What all the facts of a file are about.
   *
   * @param candidatesHash content hash of the candidates these are the cases of
   * @param longestHistory the most history items a case was given; longer histories were cut to it
   * @param clustersBy name of the recommender whose sequence embeddings were clustered, where cases
   *     have clusters
   */
  public record About(String candidatesHash, int longestHistory, Optional<String> clustersBy) {
    /** Checks that the hash is there. */
    public About {
      Objects.requireNonNull(candidatesHash, "candidatesHash");
    }
  }

  /**
   * What is known of one case.
   *
   * @param index index of the case in the evaluation file
   * @param user the user's raw id
   * @param history number of items in the history
   * @param targetCount how often the target is chosen in the training part
   * @param cluster cluster of the history's sequence embedding, from 1, the largest first; 0 where
   *     there are no clusters
   */
  public record CaseFact(
      @JsonProperty("case") int index, String user, int history, int targetCount, int cluster) {
    /** Checks that the user is there and the numbers are possible. */
    public CaseFact {
      Objects.requireNonNull(user, "user");
      if (history < 0 || targetCount < 0 || cluster < 0) {
        throw new IllegalArgumentException(
            "case %s: history %s, targetCount %s and cluster %s must be at least 0"
                .formatted(index, history, targetCount, cluster));
      }
    }
  }

  /** Copies the list. */
  public CaseFacts {
    cases = List.copyOf(cases);
  }

  /** Writes the file whole or not at all. */
  public void write(Path file) {
    new HeadedLines<>(about, cases).write(file, SCHEMA);
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @throws BadInputException naming the line, if the file is missing, cut short, of another
   *     schema, or a case is impossible
   */
  public static CaseFacts read(Path file) {
    var lines = HeadedLines.read(file, SCHEMA, About.class, CaseFact.class);
    return new CaseFacts(lines.header(), lines.lines());
  }
}
