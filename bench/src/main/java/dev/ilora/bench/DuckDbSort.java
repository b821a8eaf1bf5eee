package dev.ilora.bench;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * Reads a MovieLens {@code ratings.csv} with DuckDB and writes it ordered by user and time: the
 * yardstick for {@code ilora data import}. DuckDB's driver is no dependency of ilora's; its jar is
 * an argument.
 */
final class DuckDbSort {
  private final Driver driver;
  private final int threads;

  /**
   * Loads the driver from its jar.
   *
   * @throws BadInputException if it is not there
   */
  DuckDbSort(Path jar, int threads) {
    try {
      URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
      Class<?> driverClass = loader.loadClass("org.duckdb.DuckDBDriver");
      this.driver = (Driver) driverClass.getDeclaredConstructor().newInstance();
      this.threads = threads;
    } catch (MalformedURLException | ReflectiveOperationException e) {
      throw new BadInputException(jar, "is not the jar of DuckDB's JDBC driver");
    }
  }

  /** Reads, sorts and writes; replaces the target. */
  void run(Path source, Path target) {
    try (Connection connection = driver.connect("jdbc:duckdb:", new Properties());
        Statement statement = connection.createStatement()) {
      Files.deleteIfExists(target);
      statement.execute("SET threads = " + threads);
      statement.execute(
          "COPY (SELECT * FROM read_csv(%s) ORDER BY userId, timestamp) TO %s"
              .formatted(quoted(source), quoted(target)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB: " + e.getMessage(), e);
    }
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }
}
