package dev.ilora.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times the import of generated ratings in MovieLens' form, from raw files to a data set on disk,
 * beside DuckDB's reading, sorting and writing of the same file and a mere copy of it.
 */
public final class ImportBench {
  private static final String IMPORT = "import";
  private static final String DUCKDB = "duckdb";
  private static final String COPY = "copy";
  private static final String HEAP_MIB = "heapMib";
  private static final Pattern COLLECTION = Pattern.compile("\\b(\\d+)M->\\d+M\\(");

  private final Path work;
  private final int ratings;
  private final Command command;
  private final Optional<DuckDbSort> duckDb;

  /** Imports a folder in a process of its own. */
  @FunctionalInterface
  public interface Command {
    /**
     * Imports once.
     *
     * @param raw raw files
     * @param out where the data set goes
     * @param collections where Java's log of garbage collections goes
     */
    void run(Path raw, Path out, Path collections);
  }

  /**
   * @param work an empty folder for raw files and results, some 80 bytes a rating
   * @param ratings how many to generate
   * @param duckDb the jar of DuckDB's JDBC driver, if it is to be compared with
   * @param threads DuckDB's
   * @throws dev.ilora.BadInputException if that jar is something else
   */
  public ImportBench(Path work, int ratings, Command command, Optional<Path> duckDb, int threads) {
    this.work = work;
    this.ratings = ratings;
    this.command = command;
    this.duckDb = duckDb.map(jar -> new DuckDbSort(jar, threads));
  }

  /** Generates the ratings and times all variants. */
  public List<Measurement> run(Harness harness) throws IOException {
    Path raw = work.resolve("raw");
    Path file = raw.resolve("ratings.csv");
    Path collections = work.resolve("gc.log");
    GenerateRatings.write(raw, ratings, 1);
    List<Variant> variants = new ArrayList<>();
    variants.add(new Variant(IMPORT, () -> command.run(raw, work.resolve("dataset"), collections)));
    Path sorted = work.resolve("sorted.csv");
    duckDb.ifPresent(sort -> variants.add(new Variant(DUCKDB, () -> sort.run(file, sorted))));
    variants.add(new Variant(COPY, () -> copy(file, work.resolve("copy.csv"))));
    List<Measurement> measurements = new ArrayList<>();
    harness
        .run("bench import", variants)
        .forEach(
            (name, timing) -> {
              Map<String, Double> figures = new LinkedHashMap<>();
              figures.put("ratingsPerSecond", ratings / timing.median());
              if (name.equals(IMPORT)) {
                mostHeapInUse(collections).ifPresent(mib -> figures.put(HEAP_MIB, (double) mib));
              }
              measurements.add(Measurement.of(name, timing, figures));
            });
    return measurements;
  }

  /** Reads and writes every byte: the least that anything done with the file takes. */
  private static void copy(Path source, Path target) {
    try (OutputStream out = Files.newOutputStream(target)) {
      Files.copy(source, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The most heap in use when a collection began, in MiB; empty where there was none. */
  static OptionalLong mostHeapInUse(Path collections) {
    try {
      return Files.readAllLines(collections).stream()
          .map(COLLECTION::matcher)
          .filter(Matcher::find)
          .mapToLong(found -> Long.parseLong(found.group(1)))
          .max();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is promised of importing 25 million ratings; nothing of other numbers. */
  public List<Goal> goals(List<Measurement> measurements) {
    if (ratings != 25_000_000) {
      return List.of();
    }
    Figures figures = new Figures(measurements);
    List<Goal> goals = new ArrayList<>();
    figures
        .seconds(IMPORT)
        .map(s -> Goal.atMost("seconds to import 25 million ratings", 60, s))
        .ifPresent(goals::add);
    figures
        .figure(HEAP_MIB, IMPORT)
        .map(mib -> Goal.atMost("MiB of heap to import 25 million ratings", 2048, mib))
        .ifPresent(goals::add);
    figures.addSlower(goals, IMPORT, DUCKDB, 1.5);
    return goals;
  }
}
