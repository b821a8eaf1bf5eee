import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Reads a MovieLens {@code ratings.csv} with DuckDB and writes it ordered by user and time: the
 * yardstick for {@code ilora data import}. Prints the seconds of that statement alone.
 *
 * <pre>{@code java -cp duckdb_jdbc.jar scripts/DuckDbSort.java RATINGS_CSV OUT_CSV [THREADS=2]}</pre>
 */
final class DuckDbSort {
  private DuckDbSort() {}

  public static void main(String[] args) throws Exception {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: java scripts/DuckDbSort.java RATINGS_CSV OUT_CSV [THREADS]");
      System.exit(2);
    }
    int threads = args.length > 2 ? Integer.parseInt(args[2]) : 2;
    Files.deleteIfExists(Path.of(args[1]));
    System.out.printf("%.2f%n", seconds(args[0], args[1], threads));
  }

  /** Seconds to read, sort and write. */
  static double seconds(String source, String target, int threads) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = " + threads);
      long start = System.nanoTime();
      statement.execute(
          "COPY (SELECT * FROM read_csv(%s) ORDER BY userId, timestamp) TO %s"
              .formatted(quoted(source), quoted(target)));
      return (System.nanoTime() - start) * 1e-9;
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
