package dev.ilora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the compiled classes to the table in ARCHITECTURE.md. */
class ArchitectureTest {
  private static final Path ROOT = Path.of(System.getProperty("ilora.root", ".."));
  private static final Pattern DEPENDENCY =
      Pattern.compile("^\\s+(dev\\.ilora\\S*)\\s+-> (\\S+).*");
  private static final Pattern ROW = Pattern.compile("^\\| `(\\w+)` \\|[^|]*\\| ([^|]*) \\|$");

  private static Map<String, Set<String>> allowed;
  private static List<String[]> dependencies;

  @BeforeAll
  static void read() throws IOException {
    allowed = new LinkedHashMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("ARCHITECTURE.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        allowed.put(
            row.group(1),
            Arrays.stream(row.group(2).split(", "))
                .filter(name -> !name.equals("-"))
                .collect(Collectors.toSet()));
      }
    }
    dependencies = dependencies();
  }

  private static List<String[]> dependencies() {
    StringWriter out = new StringWriter();
    int exitCode =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(out),
                "-verbose:package",
                "--ignore-missing-deps",
                ROOT.resolve("core/target/classes").toString(),
                ROOT.resolve("bench/target/classes").toString(),
                ROOT.resolve("app/target/classes").toString());
    assertEquals(0, exitCode, out.toString());
    List<String[]> found = new ArrayList<>();
    out.toString()
        .lines()
        .map(DEPENDENCY::matcher)
        .filter(Matcher::matches)
        .forEach(m -> found.add(new String[] {m.group(1), m.group(2)}));
    assertFalse(found.isEmpty(), "jdeps found nothing");
    return found;
  }

  /** The first name below dev.ilora, or the empty string for the root package. */
  private static String packageName(String full) {
    String rest = full.substring("dev.ilora".length());
    return rest.isEmpty() ? "" : rest.substring(1).split("\\.")[0];
  }

  @Test
  void packagesUseOnlyWhatTheTableNames() {
    Set<String> violations = new TreeSet<>();
    for (String[] dependency : dependencies) {
      if (dependency[1].equals("dev.ilora") || !dependency[1].startsWith("dev.ilora.")) {
        continue;
      }
      String user = packageName(dependency[0]);
      String used = packageName(dependency[1]);
      if (!user.equals(used) && !allowed.getOrDefault(user, Set.of()).contains(used)) {
        violations.add((user.isEmpty() ? "the root package" : user) + " must not use " + used);
      }
    }
    assertEquals(Set.of(), violations);
  }

  @Test
  void onlyTensorCallsLibtorch() {
    Set<String> callers =
        dependencies.stream()
            .filter(dependency -> dependency[1].startsWith("org.bytedeco"))
            .map(dependency -> packageName(dependency[0]))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of("tensor"), callers);
  }

  @Test
  void everyPackageHasARowAndEveryRowUsesRowsAbove() {
    Set<String> packages =
        dependencies.stream()
            .map(dependency -> packageName(dependency[0]))
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    packages.removeAll(allowed.keySet());
    assertEquals(Set.of(), packages, "packages without a row in ARCHITECTURE.md");
    List<String> order = List.copyOf(allowed.keySet());
    allowed.forEach(
        (user, used) ->
            used.forEach(
                name ->
                    assertEquals(
                        true,
                        order.contains(name) && order.indexOf(name) < order.indexOf(user),
                        user + " may use " + name + ", which is not a row above")));
  }
}
