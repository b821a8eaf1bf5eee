package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher starts reads and writes the same under every locale. */
@Tag("slow")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs a shell script")
class LauncherLocaleTest extends RunsCommands {
  /** Runs the classes under test with the options and the environment of the launcher. */
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      options=()
      while [ "$1" != dev.ilora.cli.Main ]; do
        case $1 in -D* | --enable*) options+=("$1") ;; esac
        shift
      done
      exec "$REAL_JAVA" "${options[@]}" -cp "$REAL_PATH" "$@"
      """;

  private static final List<Map<String, String>> LOCALES =
      List.of(
          Map.of("LC_ALL", "C"),
          Map.of("LANG", "POSIX"),
          Map.of("LANG", "xx_XX.UTF-8"),
          Map.of("LC_ALL", "C.UTF-8", "ILORA_JAVA_OPTS", "-Duser.language=ar -Duser.country=EG"));

  @TempDir private Path folder;
  private Path launcher;

  @BeforeEach
  void makeCheckout() throws IOException, InterruptedException {
    Process utf8 =
        new ProcessBuilder("bash", "-c", "[ \"$(LC_ALL=C.UTF-8 locale charmap)\" = UTF-8 ]")
            .start();
    Assumptions.assumeTrue(utf8.waitFor() == 0, "needs the locale C.UTF-8");
    launcher = folder.resolve("ilora");
    executable(
        launcher,
        Files.readString(Path.of(System.getProperty("ilora.root", "..")).resolve("ilora")));
    Path launch = Files.createDirectories(folder.resolve("app/target/launch"));
    Files.writeString(launch.resolve("current"), "1\n");
    Path jdk = Files.createDirectories(folder.resolve("jdk/bin")).getParent();
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    executable(jdk.resolve("bin/java"), JAVA);
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Standard output and error of a command under a locale, one after the other. */
  private String said(Map<String, String> locale, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "--quiet"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("LC_") || name.startsWith("LANG"));
    environment.put("JAVA_HOME", folder.resolve("jdk").toString());
    environment.put("ILORA_NO_BUILD", "1");
    environment.put("REAL_JAVA", Program.command().getFirst());
    environment.put("REAL_PATH", Program.path());
    environment.putAll(locale);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), locale + ": " + said);
    return said;
  }

  @Test
  void namesTitlesAndNumbersAreTheSameUnderEveryLocale() throws IOException, InterruptedException {
    Path raw = Files.createDirectories(folder.resolve("raw"));
    List<String> lines = new ArrayList<>(List.of("user,item,time"));
    for (int user = 0; user < 1200; user++) {
      lines.add("u%s,%s,%s".formatted(user, "é", 2 * user));
      lines.add("u%s,%s,%s".formatted(user, user % 3, 2 * user + 1));
    }
    Files.write(raw.resolve("interactions.csv"), lines);
    Files.write(
        raw.resolve("items.csv"), List.of("item,title", "é,Amélie", "0,Null", "1,Één", "2,Zwei"));
    Path data = folder.resolve("Café 東京");
    String imported =
        said(LOCALES.getFirst(), "data", "import", raw.toString(), "--out", data.toString());
    assertTrue(imported.contains("1,200 users, 4 items, 2,400 interactions"), imported);
    assertTrue(Files.exists(data.resolve("dataset.yaml")), "the name of the folder");
    String model = folder.resolve("modèle").toString();
    assertEquals(
        0,
        run("recommender", "train", data.toString(), "--model", "popularity", "--out", model),
        err::toString);
    String described = said(Map.of("LC_ALL", "C.UTF-8"), "data", "describe", data.toString());
    for (Map<String, String> locale : LOCALES) {
      assertEquals(described, said(locale, "data", "describe", data.toString()));
      String ranking =
          said(locale, "recommend", model, "--items", data.toString(), "--titles", "Amélie");
      assertTrue(ranking.contains("Één"), locale + ": " + ranking);
    }
  }
}
