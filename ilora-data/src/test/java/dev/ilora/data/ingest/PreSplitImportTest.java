package dev.ilora.data.ingest;

import static dev.ilora.data.ingest.RawFolder.sequences;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.atomic.DatasetFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that come split keep their split, interaction by interaction or line by line. */
class PreSplitImportTest {
  @TempDir Path path;
  private RawFolder folder;

  @BeforeEach
  void open() {
    folder = new RawFolder(path);
  }

  private static List<Integer> targets(Split split, Part part) {
    return split.rows(part, Positions.EVERY, 0).stream().map(Case::target).toList();
  }

  @Test
  void recBoleFilesOfPartsBecomeWindowsOfOneSequence() throws IOException {
    folder.write("x.item", "item_id:token\ttitle:token_seq", "a\tA", "b\tB", "c\tC", "d\tD");
    String header = "user_id:token\titem_id:token\ttimestamp:float";
    folder.write("x.train.inter", header, "u\tb\t2", "u\ta\t1", "v\ta\t9");
    folder.write("x.valid.inter", header, "u\tc\t3");
    folder.write("x.test.inter", header, "u\td\t4", "v\tb\t10");
    Dataset dataset = folder.read();
    assertEquals(List.of("u: a b c d", "v: a b"), sequences(dataset));
    DatasetFolder.write(dataset, path.resolve("out"));
    Split split = SplitRule.usual(dataset).apply(DatasetFolder.read(path.resolve("out")), 10);
    assertEquals(List.of(0, 1, 0), targets(split, Part.TRAIN));
    assertEquals(List.of(2), targets(split, Part.VALID));
    assertEquals(List.of(3, 1), targets(split, Part.TEST));
    assertArrayEquals(
        new int[] {0, 1, 2}, split.rows(Part.TEST, Positions.LAST, 0).getFirst().history());
    assertArrayEquals(new int[] {2, 1, 0, 0}, split.trainCounts());
  }

  @Test
  void recBoleLinesOfHistoriesHaveOneTargetEach() throws IOException {
    folder.write("x.item", "item_id:token\ttitle:token_seq", "a\tA", "b\tB", "c\tC");
    String header = "user_id:token\titem_id_list:token_seq\titem_id:token";
    folder.write("x.train.inter", header, "u\ta b\tc", "u\ta\tb");
    folder.write("x.valid.inter", header, "u\tb\ta");
    folder.write("x.test.inter", header, "v\tc b\ta");
    Dataset dataset = folder.read();
    assertEquals(
        List.of("u-train-1: a b c", "u-train-2: a b", "u-valid-1: b a", "v-test-1: c b a"),
        sequences(dataset));
    Split split = SplitRule.usual(dataset).apply(dataset, 10);
    assertEquals(List.of(2, 1), targets(split, Part.TRAIN));
    assertEquals(List.of(0), targets(split, Part.TEST));
    assertArrayEquals(new int[] {0, 1, 1}, split.trainCounts());
  }

  @Test
  void llaraLinesHaveOneTargetEach() throws IOException {
    folder.write("items.tsv", "id\ttitle", "0\tA", "1\tB", "2\tC", "");
    folder.write(
        "train.jsonl", "{\"history\":[0,1],\"next\":2}", "{\"history\":[0],\"next\":1}", "");
    folder.write("valid.jsonl", "{\"history\":[1],\"next\":0}");
    folder.write("test.jsonl", "\uFEFF{\"history\":[2,1],\"next\":0}");
    Dataset dataset = folder.read();
    Split split = SplitRule.usual(dataset).apply(dataset, 10);
    assertEquals(List.of(2, 1), targets(split, Part.TRAIN));
    assertArrayEquals(new int[] {0, 1, 1}, split.trainCounts());
    assertEquals(List.of(0), targets(split, Part.TEST));
  }

  @Test
  void aColumnOfPartsIsASplit() throws IOException {
    folder.write(
        "interactions.csv",
        "user,item,split",
        "u,a,train",
        "u,b,Train",
        "u,c,validation",
        "u,d,test",
        "v,a,test");
    Dataset dataset = folder.read();
    assertEquals("2,1,1", dataset.users().get(0).attributes().get("split"));
    assertEquals("test", dataset.users().get(1).attributes().get("split"));
    folder.write("interactions.csv", "user,item,split", "u,a,training-ish");
    assertEquals(
        "interactions.csv:2: column 'split': 'training-ish' is not a part; expected train, valid or"
            + " test",
        folder.mistake());
  }

  @Test
  void partsThatAreMissingAreNamed() throws IOException {
    folder.write("x.train.inter", "user_id:token\titem_id:token", "u\ta");
    folder.write("x.test.inter", "user_id:token\titem_id:token", "u\ta");
    assertEquals(
        "DIR: expected one file *.inter, or one each of *.train.inter, *.valid.inter and"
            + " *.test.inter; found x.test.inter, x.train.inter",
        folder.mistake());
  }
}
