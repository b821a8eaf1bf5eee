package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    String[] words = shown.strip().split(" ");
    assertEquals(0, run("recommend", words[2], "--history", "p3; p4", "--top", "3"), err::toString);
    assertEquals(4, out.toString().lines().count(), out::toString);
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
        err.toString().contains("holds other data than these files give now"), err::toString);
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
