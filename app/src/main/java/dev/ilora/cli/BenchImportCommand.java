package dev.ilora.cli;

import dev.ilora.bench.Harness;
import dev.ilora.bench.ImportBench;
import dev.ilora.bench.Measurement;
import dev.ilora.bench.TemporaryFolder;
import dev.ilora.config.ConfigException;
import dev.ilora.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ilora bench import}. */
@CommandLine.Command(
    name = "import",
    header = "Import of generated ratings in MovieLens' form, and DuckDB's sort of the same file.",
    description = {
      "The whole of ilora data import is timed, in a process of its own, start of Java included.",
      "Needs some 80 bytes a rating in the folder for temporary files."
    },
    footer = {"", "Example:", "  ilora bench import --repetitions 3 --json > import.json"})
final class BenchImportCommand implements Command {
  @Mixin private BenchOptions options;

  @Option(
      names = "--ratings",
      paramLabel = "N",
      description = "Ratings to generate (default: ${DEFAULT-VALUE}).")
  private int ratings = 25_000_000;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "Java heap of the import (default: ${DEFAULT-VALUE}).")
  private String heap = "2g";

  @Option(
      names = "--duckdb",
      paramLabel = "JAR",
      description = "DuckDB's JDBC driver, to compare with (scripts/compare-import fetches it).")
  private Path duckDb;

  @Override
  public void run(Terminal terminal) throws IOException {
    if (ratings < 1) {
      throw new ConfigException("--ratings: expected at least 1, got " + ratings);
    }
    if (!heap.matches("[1-9][0-9]*[kmgKMG]")) {
      throw new ConfigException("--heap: expected a size such as 2g, got " + heap);
    }
    Harness harness = options.harness(terminal);
    try (TemporaryFolder work = TemporaryFolder.open()) {
      ImportBench bench =
          new ImportBench(
              work.path(), ratings, this::importOnce, Optional.ofNullable(duckDb), Torch.threads());
      List<Measurement> measurements = bench.run(harness);
      Map<String, Object> sizes = new LinkedHashMap<>();
      sizes.put("ratings", ratings);
      sizes.put("heap", heap);
      options.print(sizes, measurements, bench.goals(measurements), terminal);
    }
  }

  private void importOnce(Path raw, Path out, Path collections) {
    List<String> java = List.of("-Xmx" + heap, "-Xlog:gc:file=" + collections);
    try {
      OwnProcess.json(
          java,
          List.of("data", "import", raw.toString(), "--out", out.toString(), "--force", "--quiet"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
