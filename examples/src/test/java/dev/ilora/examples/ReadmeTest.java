package dev.ilora.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the README's program to the one that is compiled and run. */
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("ilora.root", ".."));
  private static final Path PROGRAM =
      Path.of("examples/src/main/java/dev/ilora/examples/LoadAndRecommend.java");

  @Test
  void theReadmeShowsTheProgramThatIsTested() throws IOException {
    List<String> lines =
        Files.readAllLines(ROOT.resolve(PROGRAM)).stream().map(String::strip).toList();
    List<String> program =
        lines.subList(lines.indexOf("// README: begin") + 1, lines.indexOf("// README: end"));
    assertEquals(String.join("\n", program), String.join("\n", shown()));
  }

  /** What README tells to depend on is what its checkout installs. */
  @Test
  void theReadmeNamesTheVersionThatIsBuilt() throws IOException {
    String version = "  <version>";
    assertEquals(
        first(ROOT.resolve("pom.xml"), version), first(ROOT.resolve("README.md"), version));
  }

  private static String first(Path file, String beginning) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(beginning))
        .findFirst()
        .orElseThrow();
  }

  /** The lines of the README's block of Java that loads a recommender, without indentation. */
  private static List<String> shown() throws IOException {
    List<String> block = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(ROOT.resolve("README.md"))) {
      if (line.strip().equals("```java")) {
        inside = true;
        block.clear();
      } else if (inside && line.strip().equals("```")) {
        inside = false;
        if (block.stream().anyMatch(one -> one.contains("Recommender.load"))) {
          return block;
        }
      } else if (inside) {
        block.add(line.strip());
      }
    }
    throw new AssertionError("README.md has no block of Java with Recommender.load");
  }
}
