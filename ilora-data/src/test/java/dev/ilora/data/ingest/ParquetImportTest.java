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

  private RawFolder alone(String interactions) throws IOException {
    Files.write(path.resolve("interactions.parquet"), resource("interactions-" + interactions));
    return new RawFolder(path);
  }

  @Test
  void numbersAreWrittenWithoutASignOrAnExponentThatTheyDoNotHave() throws IOException {
    Dataset dataset = alone("numbers").read(new ImportOptions());
    assertEquals(List.of("18446744073709551610: 12345678.0 3.0 12345679.0"), sequences(dataset));
    assertEquals(4294967293_000_000L, dataset.users().getFirst().times()[0]);
  }

  @Test
  void notANumberIsABlankCell() throws IOException {
    String said =
        alone("numbers")
            .mistake(new ImportOptions().with(new Columns(Map.of(Columns.Role.USER, "weight"))));
    assertTrue(said.startsWith("interactions.parquet:1: column 'weight' is blank"), said);
  }

  @Test
  void bytesThatAreNoTextAreRefusedWhereTheColumnIsUsed() throws IOException {
    assertEquals(
        "interactions.parquet:1: column 'user' holds bytes that are not UTF-8 (ff31);"
            + " expected a text or a number",
        alone("bytes").mistake());
    assertEquals(3, alone("image").read().users().getFirst().items().length);
  }

  @Test
  void aCompressionThatIsNotReadIsNamed() throws IOException {
    assertEquals(
        "interactions.parquet: cannot be read as Parquet: it is compressed with LZ4_RAW;"
            + " expected snappy, gzip, zstd or none",
        alone("lz4").mistake());
  }
}
