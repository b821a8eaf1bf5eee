package dev.ilora.bench;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;

/**
 * Reads a MovieLens {@code ratings.csv} with DuckDB and writes it ordered by user and time: the
 * yardstick for {@code ilora data import}. DuckDB's driver is no dependency of ilora's; its jar is
 * an argument.
 *
 * <pre>{@code java DuckDbSort.java DUCKDB_JDBC_JAR RATINGS_CSV OUT_CSV [THREADS=2]}</pre>
 */
final class DuckDbSort {
  private final Driver driver;
  private final int threads;

  /** Loads the driver from its jar. */
  DuckDbSort(Path jar, int threads) {
    try {
      URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
      Class<?> driverClass = loader.loadClass("org.duckdb.DuckDBDriver");
      this.driver = (Driver) driverClass.getDeclaredConstructor().newInstance();
      this.threads = threads;
    } catch (MalformedURLException | ReflectiveOperationException e) {
      throw new IllegalArgumentException("not DuckDB's JDBC driver: " + jar, e);
    }
  }

  /** Prints the seconds of reading, sorting and writing. */
  public static void main(String[] args) throws Exception {
    if (args.length < 3 || args.length > 4) {
      System.err.println(
          "usage: java DuckDbSort.java DUCKDB_JDBC_JAR RATINGS_CSV OUT_CSV [THREADS]");
      System.exit(2);
    }
    int threads = args.length > 3 ? Integer.parseInt(args[3]) : 2;
    Files.deleteIfExists(Path.of(args[2]));
    double seconds = new DuckDbSort(Path.of(args[0]), threads).seconds(args[1], args[2]);
    System.out.println(String.format(Locale.ROOT, "%.2f", seconds));
  }

  /** Seconds of reading, sorting and writing, without those of opening the database. */
  double seconds(String source, String target) throws SQLException {
    try (Connection connection = driver.connect("jdbc:duckdb:", new Properties());
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
