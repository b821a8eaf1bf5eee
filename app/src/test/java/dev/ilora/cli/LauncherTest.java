package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs a copy of the launcher in a folder of its own, with JDKs and a build that only pretend. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs a shell script")
class LauncherTest {
  private record Outcome(int exitCode, String out, String err) {}

  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "cp",
          "cut",
          "date",
          "dirname",
          "env",
          "find",
          "flock",
          "getconf",
          "grep",
          "head",
          "mkdir",
          "mv",
          "nproc",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "stty",
          "tail",
          "touch");

  /** Says what it was given, instead of running it. */
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      while [ "$1" != dev.ilora.cli.Main ]; do echo "option $1"; shift; done
      shift
      for word in "$@"; do echo "word <$word>"; done
      echo "threads $OMP_NUM_THREADS $OPENBLAS_NUM_THREADS $OMP_WAIT_POLICY"
      echo "arenas $MALLOC_ARENA_MAX"
      echo "process $$"
      exit ${FAKE_EXIT:-0}
      """;

  private static final String BUILD =
      """
      #!/usr/bin/env bash
      echo "built with $JAVA_HOME: $*" >>builds.txt
      [ -z "$FAKE_BUILD_FAILS" ] || { echo '[ERROR] line 3: no such thing'; exit 1; }
      sleep 0.3
      mkdir -p app/target/lib
      touch app/target/ilora.jar app/target/lib/ilora-{data,engine,bench}-1.jar app/target/lib/ilora-1.jar
      """;

  private static final List<String> MODULES =
      List.of("ilora-data", "ilora-engine", "ilora-library", "bench", "app");

  @TempDir private Path folder;
  private Path root;
  private Path jdk;

  @BeforeEach
  void makeCheckout() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/env")), "needs a POSIX system");
    root = Files.createDirectories(folder.resolve("check out"));
    for (String sources : MODULES.stream().map(m -> m + "/src/main").toList()) {
      Files.createDirectories(root.resolve(sources));
    }
    for (String pom : MODULES) {
      Files.writeString(root.resolve(pom).resolve("pom.xml"), "<project/>");
    }
    Path launcher = Path.of(System.getProperty("ilora.root", "..")).resolve("ilora");
    executable(root.resolve("ilora"), Files.readString(launcher));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    executable(root.resolve("mvnw"), BUILD);
    jdk = fakeJdk("jdk-25", "25.0.1");
    Path tools = Files.createDirectories(folder.resolve("bin"));
    for (String tool : TOOLS) {
      for (Path place : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
        if (Files.exists(place.resolve(tool)) && !Files.exists(tools.resolve(tool))) {
          Files.createSymbolicLink(tools.resolve(tool), place.resolve(tool));
        }
      }
    }
  }

  @AfterEach
  void removeLinks() throws IOException {
    for (String tool : TOOLS) {
      Files.deleteIfExists(folder.resolve("bin").resolve(tool));
    }
  }

  private Path fakeJdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve("jdks").resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    executable(home.resolve("bin/java"), JAVA);
    return home;
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Process start(Map<String, String> environment, Path launcher, String... words)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", folder.resolve("bin").toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("ILORA_JDK_FOLDERS", "");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Outcome outcome(Process process) throws IOException, InterruptedException {
    String out =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    String err =
        new String(
            process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), out, err);
  }

  private Outcome run(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    return outcome(start(environment, root.resolve("ilora"), words));
  }

  private Map<String, String> withJdk() {
    return Map.of("JAVA_HOME", jdk.toString());
  }

  private List<String> builds() throws IOException {
    Path file = root.resolve("builds.txt");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws IOException, InterruptedException {
    Outcome none = run(Map.of());
    assertEquals(2, none.exitCode());
    assertEquals(
        """
        ilora: needs a JDK 25 or later and found none.
        ilora: Install one (Debian, Ubuntu: apt install temurin-25-jdk or openjdk-25-jdk;
        ilora: Fedora: dnf install java-25-openjdk-devel; macOS: brew install openjdk@25;
        ilora: anywhere: sdk install java 25-tem) or set ILORA_JAVA_HOME to its folder.
        """,
        none.err());
    Path old = fakeJdk("jdk-17", "17.0.15");
    String err = run(Map.of("JAVA_HOME", old.toString())).err();
    assertTrue(err.contains("found none; too old: " + old + " (17)."), err);
    Outcome wrong = run(Map.of("ILORA_JAVA_HOME", "/nowhere", "JAVA_HOME", jdk.toString()));
    assertEquals(
        "ilora: ILORA_JAVA_HOME=/nowhere holds no Java 25 or later (bin/java).\n", wrong.err());
    assertEquals(2, wrong.exitCode());
  }

  @Test
  void findsAJdkAmongInstalledOnesAndPassesWordsUntouched()
      throws IOException, InterruptedException {
    fakeJdk("jdk-17", "17.0.15");
    Map<String, String> environment =
        Map.of(
            "ILORA_JDK_FOLDERS",
            folder.resolve("jdks").toString(),
            "OMP_NUM_THREADS",
            "3",
            "ILORA_JAVA_OPTS",
            "-Xmx1g -XX:+UseParallelGC",
            "FAKE_EXIT",
            "130");
    Outcome outcome = run(environment, "train", "a b", "*", "", "x=\"y\" $HOME", "--json");
    assertEquals(130, outcome.exitCode());
    List<String> lines = outcome.out().lines().toList();
    assertEquals(
        List.of(
            "word <train>",
            "word <a b>",
            "word <*>",
            "word <>",
            "word <x=\"y\" $HOME>",
            "word <--json>"),
        lines.stream().filter(line -> line.startsWith("word")).toList());
    assertTrue(lines.contains("threads 3 3 PASSIVE"), outcome.out());
    assertTrue(lines.contains("arenas 1"), outcome.out());
    assertTrue(lines.contains("option --enable-native-access=ALL-UNNAMED"), outcome.out());
    assertTrue(lines.contains("option -Dorg.bytedeco.javacpp.nopointergc=true"), outcome.out());
    assertTrue(lines.contains("option -XX:+UseParallelGC"), outcome.out());
    assertTrue(!lines.contains("option -XX:+UseSerialGC"), outcome.out());
  }

  @Test
  void worksThroughLinksAndBecomesTheJavaProcess() throws IOException, InterruptedException {
    Path first = Files.createDirectories(folder.resolve("links")).resolve("first");
    Files.createSymbolicLink(first, Path.of("../check out/ilora"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), first);
    Process process = start(withJdk(), second, "demo");
    Outcome outcome = outcome(process);
    assertTrue(outcome.out().contains("word <demo>"), outcome.err());
    assertTrue(outcome.out().contains("process " + process.pid() + "\n"), outcome.out());
  }

  @Test
  void buildsAtFirstAndAfterChangesOnly() throws IOException, InterruptedException {
    Outcome first = run(withJdk(), "a");
    assertEquals(
        "ilora: building for the first time (some minutes: 250 MB of libraries are fetched) ...",
        first.err().lines().findFirst().orElse(""));
    assertEquals(1, builds().size());
    assertTrue(builds().getFirst().startsWith("built with " + jdk + ": "), builds().toString());
    assertEquals("", run(withJdk(), "b").err());
    assertEquals(1, builds().size());
    Path changed =
        Files.writeString(root.resolve("ilora-engine/src/main/New.java"), "class New {}");
    Files.setLastModifiedTime(changed, FileTime.from(Instant.now().plusSeconds(5)));
    assertTrue(run(withJdk(), "c").err().startsWith("ilora: building after a change"));
    assertEquals(2, builds().size());
  }

  @Test
  void twoAtOnceBuildOnce() throws IOException, InterruptedException {
    assertTwoAtOnceBuildOnce();
  }

  private void assertTwoAtOnceBuildOnce() throws IOException, InterruptedException {
    Process one = start(withJdk(), root.resolve("ilora"), "one");
    Process two = start(withJdk(), root.resolve("ilora"), "two");
    assertTrue(outcome(one).out().contains("word <one>"));
    assertTrue(outcome(two).out().contains("word <two>"));
    assertEquals(1, builds().size());
  }

  @Test
  void twoAtOnceBuildOnceWithoutFlock() throws IOException, InterruptedException {
    Files.deleteIfExists(folder.resolve("bin/flock"));
    assertTwoAtOnceBuildOnce();
  }

  @Test
  void aFailedBuildShowsItsErrorsAndRunsNothing() throws IOException, InterruptedException {
    Outcome outcome = run(Map.of("JAVA_HOME", jdk.toString(), "FAKE_BUILD_FAILS", "yes"), "a");
    assertEquals(1, outcome.exitCode());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().contains("[ERROR] line 3: no such thing\n"), outcome.err());
    assertTrue(
        outcome
            .err()
            .endsWith(
                "ilora: the build failed; all of its output is in "
                    + root
                    + "/target/launcher-build.log\n"),
        outcome.err());
  }

  @Test
  void neverBuildsWhenToldSo() throws IOException, InterruptedException {
    Outcome outcome = run(Map.of("JAVA_HOME", jdk.toString(), "ILORA_NO_BUILD", "1"));
    assertEquals(1, outcome.exitCode());
    assertEquals(
        "ilora: not built, and ILORA_NO_BUILD is set; build with ILORA_NO_BUILD= ./ilora"
            + " --version\n",
        outcome.err());
    assertEquals(List.of(), builds());
  }
}
