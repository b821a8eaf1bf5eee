package dev.ilora.data.ingest;

import static dev.ilora.data.ingest.RawFolder.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet files as pandas and Arrow write them, in each of the usual compressions. */
class ParquetImportTest {
  @TempDir Path path;

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        ParquetImportTest.class.getResourceAsStream("/parquet/" + name + ".parquet")) {
      return in.readAllBytes();
    }
  }

  private RawFolder folder(String interactions) throws IOException {
    Files.write(path.resolve("interactions.parquet"), resource("interactions-" + interactions));
    Files.write(path.resolve("items.parquet"), resource("items"));
    return new RawFolder(path);
  }

  @Test
  void localTimesUtcTimesAndNanosecondsAreRead() throws IOException {
    for (String times : List.of("local", "utc", "nanos")) {
      Dataset dataset = folder(times).read();
      assertEquals(List.of("u: 1 2 3"), sequences(dataset), times);
      long first = dataset.users().getFirst().times()[0];
      assertEquals(1710794220_000_000L, first, times);
      long second = times.equals("utc") ? first + 250_000 : first + 250_001;
      assertEquals(second, dataset.users().getFirst().times()[1], times);
      assertEquals(4.5f, dataset.users().getFirst().ratings()[2], times);
    }
  }

  @Test
  void listsAreJoinedNullsAreBlankAndStructuresAreLeftOut() throws IOException {
    Dataset dataset = folder("local").read();
    assertEquals(List.of("Café", "Beta, \"the\" second", "Gamma"), dataset.titles());
    assertEquals(Map.of("genres", "a|b"), dataset.items().get(0).attributes());
    assertEquals(Map.of(), dataset.items().get(2).attributes());
  }

  @Test
  void aFileThatIsCutIsRefused() throws IOException {
    RawFolder folder = folder("local");
    byte[] whole = resource("interactions-local");
    for (int length = 0; length < whole.length; length += 13) {
      Files.write(path.resolve("interactions.parquet"), Arrays.copyOf(whole, length));
      String said = folder.mistake();
      assertTrue(said.startsWith("interactions.parquet: cannot be read as Parquet: "), said);
    }
  }
}
