package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.Interruption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataCommandTest {
  @TempDir Path folder;

  private Path raw;
  private String out;
  private String err;

  @BeforeEach
  void writeRawFiles() throws IOException {
    raw = Files.createDirectories(folder.resolve("raw"));
    Files.writeString(raw.resolve("items.csv"), "item,title\na,Alpha\nb,Alpha Beta\nc,Gamma\n");
    Files.writeString(
        raw.resolve("interactions.csv"),
        "user,item,rating,time\nu,a,5,1\nu,b,2,2\nu,c,4,3\nv,c,5,1\nv,a,5,2\nv,b,5,3\n");
  }

  private int run(String... args) {
    StringWriter outText = new StringWriter();
    StringWriter errText = new StringWriter();
    Main main = new Main(new PrintWriter(outText), new PrintWriter(errText), Interruption.never());
    int exitCode = main.run(List.of(DataCommand.class), args);
    out = outText.toString();
    err = errText.toString();
    return exitCode;
  }

  @Test
  void importsAndDescribes() {
    String target = folder.resolve("small").toString();
    assertEquals(0, run("data", "import", raw.toString(), "--out", target, "--name", "small"), err);
    assertEquals(target + ": 2 users, 3 items, 6 interactions\n", out);
    assertEquals(
        """
        format: csv
        columns of items.csv: key=item, title=title
        columns of interactions.csv: user=user, item=item, rating=rating, time=time
        times: small numbers, from 1 to 3
        next: ilora data describe %s
        """
            .formatted(target),
        err);
    assertEquals(0, run("data", "describe", target, "--split", "leave-one-out"), err);
    assertTrue(out.contains("per user     min 3, 5 % 3, 25 % 3, median 3"), out);
    assertTrue(
        out.contains("contained    1 titles inside another, such as Alpha in Alpha Beta"), out);
  }

  @Test
  void theOrderOfTimeNeedsTimes() throws IOException {
    Files.writeString(raw.resolve("interactions.csv"), "user,item,page\nu,a,1\nu,b,2\n");
    String target = folder.resolve("small").toString();
    assertEquals(3, run("data", "import", raw.toString(), "--out", target, "--order", "time"));
    assertTrue(err.contains("has no times for --order time; --columns time=COLUMN"), err);
    assertEquals(0, run("data", "import", raw.toString(), "--out", target), err);
    assertTrue(err.contains("user=user, item=item; not used: page\n"), err);
  }

  @Test
  void partsAgainstTheOrderOfTimeAreAWarning() throws IOException {
    Files.writeString(
        raw.resolve("interactions.csv"),
        "user,item,time,split\nu,a,3,test\nu,b,5,train\nu,c,1,train\n");
    String target = folder.resolve("small").toString();
    assertEquals(0, run("data", "import", raw.toString(), "--out", target), err);
    assertTrue(err.contains("warning: 1 user with interactions of training later"), err);
  }

  @Test
  void printsJson() {
    String target = folder.resolve("small").toString();
    String[] args = {
      "data", "import", raw.toString(), "--out", target, "--min-rating", "3", "--ties", "item"
    };
    assertEquals(0, run(append(args, "--json")), err);
    JsonNode imported = JsonMapper.builder().build().readTree(out);
    assertEquals(5, imported.get("interactions").intValue());
    assertEquals("3.0", imported.get("provenance").get("min_rating").asString());
    assertEquals("item", imported.get("provenance").get("ties").asString());
    assertEquals(0, run("data", "describe", target, "--json", "--split", "leave-one-out"), err);
    JsonNode described = JsonMapper.builder().build().readTree(out);
    assertEquals(imported.get("hash").asString(), described.get("hash").asString());
    assertEquals(1, described.get("containedTitles").intValue());
  }

  private static String[] append(String[] args, String more) {
    String[] all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = more;
    return all;
  }

  @Test
  void describesTheDemoWorld() {
    assertEquals(0, run("data", "describe", "demo"), err);
    assertTrue(out.contains("400 users, 300 items"), out);
  }

  @Test
  void doesNotWriteOverWhatItReads() throws IOException {
    String target = folder.resolve("small").toString();
    assertEquals(0, run("data", "import", raw.toString(), "--out", target, "--name", "small"), err);
    String before = Files.readString(folder.resolve("small/small.inter"));
    assertEquals(
        2,
        run("data", "import", target, "--out", target + "/.", "--name", "small", "--min-rating=4"));
    assertEquals(
        "ilora: " + target + "/. is read and would be written over: give another --out or --name\n",
        err);
    assertEquals(before, Files.readString(folder.resolve("small/small.inter")));
  }

  @Test
  void replacesADataSetOnlyIfToldAndNeverAnythingElse() throws IOException {
    String target = folder.resolve("small").toString();
    assertEquals(0, run("data", "import", raw.toString(), "--out", target), err);
    assertEquals(3, run("data", "import", raw.toString(), "--out", target, "--min-rating=4"));
    assertTrue(err.contains(target + ": is a data set already; choose another folder"), err);
    assertEquals(
        0,
        run("data", "import", raw.toString(), "--out", target, "--min-rating=4", "--force"),
        err);
    assertEquals(target + ": 2 users, 3 items, 5 interactions\n", out);
    assertTrue(err.contains("dropped: 1 interaction with a lower rating"), err);
    Files.writeString(Files.createDirectory(folder.resolve("mine")).resolve("letter.txt"), "dear");
    assertEquals(
        3,
        run(
            "data",
            "import",
            raw.toString(),
            "--out",
            folder.resolve("mine").toString(),
            "--force"));
    assertTrue(err.contains("mine: exists already and is no data set; choose another"), err);
  }

  @Test
  void namesADataSetByItsFolderOrTableUnlessToldOtherwise() throws IOException {
    Path target = folder.resolve("out");
    assertEquals(0, run("data", "import", raw.toString(), "--out", target.toString()), err);
    assertTrue(Files.exists(target.resolve("raw.inter")), err);
    Path table = Files.copy(raw.resolve("interactions.csv"), folder.resolve("my clicks.2.csv"));
    String[] one = {"data", "import", table.toString(), "--force", "--out", target.toString()};
    assertEquals(0, run(one), err);
    assertTrue(Files.exists(target.resolve("my-clicks.2.inter")), err);
  }

  @Test
  void doesNotPutADataSetInThePlaceOfAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("letter.txt"), "dear");
    String[] args = {"data", "import", raw.toString(), "--force", "--out", file.toString()};
    assertEquals(3, run(args));
    assertEquals("ilora: " + file + ": is a file; expected a folder to write to\n", err);
    assertEquals("dear", Files.readString(file));
  }

  @Test
  void saysWhatItDroppedRepairedAndLeftApart() throws IOException {
    Files.writeString(
        raw.resolve("items.csv"), "item,title\na,Al\u0007pha\nb,Beta\nb,Other\nc,C\nc\u00A0,D\n");
    String target = folder.resolve("small").toString();
    String[] args = {"data", "import", raw.toString(), "--out", target, "--drop-duplicates"};
    assertEquals(0, run(args), err);
    for (String said :
        List.of(
            "warning: items: 2 keys look like another one and are kept apart",
            "warning: 1 title had control characters or line breaks",
            "warning: 1 line has another title than the first one of their item, which stands",
            "dropped: 1 line of an item that is given before")) {
      assertTrue(err.contains(said), err);
    }
  }

  @Test
  void whatAFileHoldsNeverMovesTheCursor() throws IOException {
    Files.writeString(
        raw.resolve("items.csv"), "item,title\na,\u001b[2JAlpha\nb,\u009b1mBeta\nc,C\n");
    String target = folder.resolve("small").toString();
    assertEquals(0, run("data", "import", raw.toString(), "--out", target), err);
    Files.writeString(raw.resolve("interactions.csv"), "user,item,time\nu,a,\u001b[31mred\n");
    assertEquals(3, run("data", "import", raw.toString()));
    assertTrue(err.contains("'\uFFFD[31mred' is not a time"), err);
    assertEquals(0, run("data", "describe", target, "--split", "leave-one-out"), err);
    assertFalse((out + err).chars().anyMatch(c -> c != '\n' && Character.isISOControl(c)), out);
  }

  @Test
  void explainsMistakes() throws IOException {
    assertEquals(3, run("data", "describe", raw.toString()));
    assertEquals(
        "ilora: "
            + raw
            + ": not a dataset folder: no dataset.yaml; make one with 'ilora data import'\n",
        err);
    assertEquals(2, run("data", "import", raw.toString(), "--format", "xml"));
    assertTrue(err.startsWith("ilora: unknown format 'xml'; choices: movielens-100k"), err);
    assertEquals(2, run("data", "import", raw.toString(), "--papers"));
    assertTrue(err.contains("the papers used movielens-100k and lastfm, not csv"), err);
    assertEquals(2, run("data", "import", raw.toString(), "--name", "my data"));
    assertTrue(
        err.contains("dataset name must be letters, digits, '.', '_' or '-', not 'my data'"), err);
    assertEquals(2, run("data", "download", "netflix"));
    assertTrue(err.startsWith("ilora: unknown archive 'netflix'; choices: ml-100k"), err);
    assertEquals(2, run("data", "describe", "demo", "--split", "sideways"));
    assertTrue(err.startsWith("ilora: unknown split 'sideways'"), err);
    Files.writeString(raw.resolve("interactions.csv"), "user,item\nu,z\n");
    assertEquals(3, run("data", "import", raw.toString()));
    assertEquals(
        "format: csv\nilora: "
            + raw.resolve("interactions.csv")
            + ":2: unknown item 'z'; expected one of the item file, or --drop-unknown\n",
        err);
  }
}
