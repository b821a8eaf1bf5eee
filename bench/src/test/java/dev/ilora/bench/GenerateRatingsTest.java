package dev.ilora.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Dataset;
import dev.ilora.data.UserSequence;
import dev.ilora.data.ingest.Importer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateRatingsTest {
  @TempDir Path folder;

  @Test
  void writesWhatIsAskedForInMovieLensForm() throws IOException {
    GenerateRatings.write(folder, 5000, 1);
    Dataset dataset = Importer.read(folder);
    assertEquals(5000, dataset.interactionCount());
    assertEquals(1000, dataset.itemCount());
    assertTrue(dataset.titles().stream().anyMatch(t -> t.contains("\"")));
    List<UserSequence> whole = dataset.users().subList(0, dataset.users().size() - 1);
    for (UserSequence user : whole) {
      assertTrue(user.length() >= 20, user.user());
      assertEquals(user.length(), Arrays.stream(user.items()).distinct().count());
    }
  }

  @Test
  void timesAreNotSortedWithinAUserAndSomeAreEqual() throws IOException {
    GenerateRatings.write(folder, 5000, 1);
    List<String> lines = Files.readAllLines(folder.resolve("ratings.csv"));
    int earlier = 0;
    int equal = 0;
    for (int i = 2; i < lines.size(); i++) {
      String[] cells = lines.get(i).split(",");
      String[] before = lines.get(i - 1).split(",");
      if (cells[0].equals(before[0])) {
        int order = Long.compare(Long.parseLong(cells[3]), Long.parseLong(before[3]));
        earlier += order < 0 ? 1 : 0;
        equal += order == 0 ? 1 : 0;
      }
    }
    assertTrue(earlier > 1000 && equal > 10, earlier + " earlier, " + equal + " equal");
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws IOException {
    String first = bytes(1);
    assertEquals(first, bytes(1));
    assertNotEquals(first, bytes(2));
  }

  private String bytes(long seed) throws IOException {
    GenerateRatings.write(folder, 1000, seed);
    return Files.readString(folder.resolve("ratings.csv"))
        + Files.readString(folder.resolve("movies.csv"));
  }
}
