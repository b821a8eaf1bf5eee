package dev.ilora.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.Progress;
import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.data.ingest.Importer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportBenchTest {
  private static final String LOG =
      """
      [0.012s][info][gc] Using Serial
      [0.345s][info][gc] GC(0) Pause Young (Allocation Failure) 136M->5M(494M) 5.123ms
      [0.945s][info][gc] GC(1) Pause Full (System.gc()) 812M->600M(1024M) 51.003ms
      [1.345s][info][gc] GC(2) Pause Young (Allocation Failure) 700M->5M(494M) 5.123ms
      """;

  @TempDir private Path folder;

  private static void importInProcess(Path raw, Path out, Path collections) {
    try {
      DatasetFolder.write(Importer.read(raw), out);
      Files.writeString(collections, LOG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ImportBench bench(int ratings) {
    return new ImportBench(folder, ratings, ImportBenchTest::importInProcess, Optional.empty(), 1);
  }

  @Test
  void generatedRatingsAreImportedAndCopied() throws IOException {
    ImportBench bench = bench(500);
    List<Measurement> measurements = bench.run(new Harness(1, System::nanoTime, Progress.NONE));
    assertEquals(List.of("import", "copy"), measurements.stream().map(Measurement::name).toList());
    assertTrue(measurements.getFirst().figures().get("ratingsPerSecond") > 0);
    assertEquals(812, measurements.getFirst().figures().get("heapMib"));
    Dataset imported = DatasetFolder.read(folder.resolve("dataset"));
    assertEquals(500, imported.interactionCount());
    assertEquals(-1, Files.mismatch(folder.resolve("raw/ratings.csv"), folder.resolve("copy.csv")));
    assertEquals(List.of(), bench.goals(measurements), "goals are stated for 25 million ratings");
  }

  @Test
  void withoutACollectionTheHeapIsNotKnown() throws IOException {
    Path log = Files.writeString(folder.resolve("gc.log"), "[0.012s][info][gc] Using Serial\n");
    assertEquals(OptionalLong.empty(), ImportBench.mostHeapInUse(log));
  }

  @Test
  void goalsAreThoseOf25MillionRatings() {
    List<Measurement> measurements =
        List.of(
            Measurement.of(
                "import", new Timing(List.of(61.0, 50.0, 51.0)), Map.of("heapMib", 1200.0)),
            Measurement.of("duckdb", new Timing(List.of(30.0)), Map.of()));
    assertEquals(
        List.of(
            new Goal("seconds to import 25 million ratings", "<= 60", 51.0, true),
            new Goal("MiB of heap to import 25 million ratings", "<= 2048", 1200.0, true),
            new Goal("time of import, times that of duckdb", "<= 1.5", 51.0 / 30, false)),
        bench(25_000_000).goals(measurements));
  }

  @Test
  void refusesAJarThatIsNotDuckDbs() throws IOException {
    Path jar = Files.writeString(folder.resolve("x.jar"), "");
    var error =
        assertThrows(
            BadInputException.class,
            () ->
                new ImportBench(folder, 1, ImportBenchTest::importInProcess, Optional.of(jar), 1));
    assertEquals(jar + ": is not the jar of DuckDB's JDBC driver", error.getMessage());
  }
}
