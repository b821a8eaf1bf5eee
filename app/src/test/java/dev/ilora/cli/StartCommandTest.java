package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCommandTest extends RunsCommands {
  @TempDir Path folder;

  @BeforeEach
  void writeAShop() throws IOException {
    Files.createDirectory(folder.resolve("my shop"));
    List<String> products = new ArrayList<>(List.of("sku;name"));
    List<String> orders = new ArrayList<>(List.of("Customer;SKU;Order Date"));
    for (int i = 0; i < 40; i++) {
      products.add("p%s;Thing %s".formatted(i, i));
    }
    for (int user = 0; user < 30; user++) {
      for (int step = 0; step < 8; step++) {
        orders.add(
            "c%s;p%s;2024-03-%s 10:0%s:00"
                .formatted(user, (user * 7 + step) % 40, 10 + user % 15, step));
      }
    }
    Files.write(folder.resolve("my shop/products.csv"), products);
    Files.write(folder.resolve("my shop/orders.csv"), orders);
  }

  private int start(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "start",
                folder.resolve("my shop").toString(),
                "--out",
                folder.resolve("out").toString(),
                "--no-language-model",
                "recommender.epochs=2"));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  @Test
  void oneCommandLeadsFromFilesToARecommendationByKey() throws IOException {
    assertEquals(0, start(), err::toString);
    assertTrue(err.toString().contains("user=Customer, item=SKU, time=Order Date"), err::toString);
    assertTrue(out.toString().contains("\nUse "), out::toString);
    assertTrue(out.toString().contains("\n  c0, last: Thing 7 -> Thing "), out::toString);
    assertTrue(Files.readString(folder.resolve("out/report.html")).contains("Verdict"));
    String shown =
        out.toString()
            .lines()
            .filter(line -> line.contains(" --history "))
            .findFirst()
            .orElseThrow();
    assertTrue(Files.readString(folder.resolve("out/report.html")).contains(shown.strip()));
    String[] words = shown.strip().split(" ");
    assertEquals(0, run("recommend", words[2], "--history", "p3; p4", "--top", "3"), err::toString);
    assertEquals(4, out.toString().lines().count(), out::toString);
    String runs = folder.resolve("out").toString();
    String several = error(3, "recommend", runs, "--history", "p3");
    assertTrue(several.contains("holds several runs; name one: " + runs), several);
    assertTrue(
        error(2, "recommend", words[2], "--user", "c1").contains("--user needs --data, the data"));
  }

  @Test
  void theSameCommandGoesOnAndOtherDataAreNotMixedIn() throws IOException {
    assertEquals(0, start(), err::toString);
    String first = out.toString();
    assertEquals(0, start(), err::toString);
    assertEquals(withoutSeconds(first), withoutSeconds(out.toString()));
    Files.writeString(folder.resolve("my shop/orders.csv"), "user;item\nc0;p1\nc0;p2\nc0;p3\n");
    assertEquals(2, start());
    assertTrue(
        err.toString().contains("(before 30 users, 40 items, 240 interactions, now 1 user, "),
        err::toString);
  }

  @Test
  void anImportOptionThatChangedIsNamedByWhatItChanged() {
    assertEquals(0, start(), err::toString);
    assertEquals(2, start("--columns", "user=Customer,item=SKU,time="), err::toString);
    assertTrue(
        err.toString().contains("files or import options changed since (times then, none now)"),
        err::toString);
  }

  @Test
  void settingsAreCheckedBeforeAnythingIsReadOrWritten() {
    for (String wrong :
        List.of("recommender.epochs=0", "no.such=1", "device=abacus", "rows.split=cut-off:May,1")) {
      assertEquals(2, start(wrong), wrong);
      assertFalse(err.toString().contains("Order Date"), err::toString);
      assertFalse(Files.exists(folder.resolve("out")), wrong);
    }
    assertEquals(2, start("--threads", "0"));
    assertFalse(Files.exists(folder.resolve("out")));
    Path demo = folder.resolve("demo");
    assertEquals(2, run("demo", "--out", demo.toString(), "prompt.template=none"), err::toString);
    assertFalse(Files.exists(demo));
  }

  @Test
  void notesAreOfTheSplitThatIsUsedAndStandInTheReport() throws IOException {
    assertEquals(0, start(), err::toString);
    assertTrue(
        Files.readString(folder.resolve("out/report.html"))
            .contains("Data: The candidate with the next id above "));
    start("rows.split=cut-off:2024-03-20,2024-03-30");
    String note = "There are no test cases: users have too few interactions for this split.";
    assertTrue(err.toString().contains("note: " + note), err::toString);
  }

  private static String withoutSeconds(String text) {
    return text.replaceAll("(?m) +[0-9.]+$", "").replaceAll("Training it took.*", "");
  }

  @Test
  void dataInWhichSomebodyChoseEverythingAreRefused() throws IOException {
    Files.writeString(folder.resolve("my shop/products.csv"), "sku;name\np1;A\np2;B\n");
    Files.writeString(folder.resolve("my shop/orders.csv"), "user;item\nc0;p1\nc0;p2\nc0;p1\n");
    assertEquals(2, start());
    assertTrue(err.toString().contains("some user chose all of the 2 items"), err::toString);
  }
}
