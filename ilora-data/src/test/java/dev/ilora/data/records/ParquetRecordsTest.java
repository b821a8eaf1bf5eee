package dev.ilora.data.records;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetRecordsTest {
  @TempDir Path folder;

  @Test
  void aFileWithAChangedByteIsReadOrRefusedButNeverRunsForEver() throws IOException {
    byte[] whole;
    try (InputStream in =
        ParquetRecordsTest.class.getResourceAsStream("/parquet/interactions-local.parquet")) {
      whole = in.readAllBytes();
    }
    Path file = folder.resolve("a.parquet");
    int refused = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      byte[] changed = whole.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, changed);
      refused += isRead(file) ? 0 : 1;
    }
    assertTrue(refused > 0);
  }

  private static boolean isRead(Path file) throws IOException {
    try (ParquetRecords records = new ParquetRecords(file, Duration.ofSeconds(1))) {
      RecordBatch batch = new RecordBatch();
      while (records.parse(batch)) {}
      return true;
    } catch (BadInputException e) {
      assertTrue(e.getMessage().contains("a.parquet: cannot be read as Parquet: "), e.getMessage());
      assertFalse(
          e.getMessage().matches(".*(Cannot invoke|Exception|out of bounds).*"), e.getMessage());
      return false;
    }
  }
}
