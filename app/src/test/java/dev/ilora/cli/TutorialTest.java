package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of docs/tutorial.md one after another, in an empty folder. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs a shell script")
@Tag("slow")
class TutorialTest extends RunsCommands {
  private static final Path ROOT = Path.of(System.getProperty("ilora.root", ".."));
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  /** A block of the tutorial: the language it is marked with, and its text. */
  private record Block(String language, String text) {}

  @TempDir Path folder;

  @Test
  @Tag("slow")
  void everyCommandOfTheTutorialRunsAndTheProgramPrintsThreeTitles() throws Exception {
    String printed = "";
    for (Block block : blocks()) {
      switch (block.language()) {
        case "sh" -> printed = run(block.text());
        case "java" -> Files.writeString(folder.resolve("my-shop/Ask.java"), block.text());
        default -> {}
      }
    }
    assertEquals(
        List.of("1", "2", "3"), printed.lines().map(line -> line.substring(0, 1)).toList());
    assertEquals(2, Files.readAllLines(folder.resolve("my-shop/answers.jsonl")).size());
    assertEquals(60, Files.readAllLines(folder.resolve("my-shop/for-everybody.jsonl")).size());
  }

  private static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    Matcher found =
        Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$")
            .matcher(Files.readString(ROOT.resolve("docs/tutorial.md")));
    while (found.find()) {
      blocks.add(new Block(found.group(1), found.group(2)));
    }
    assertTrue(blocks.size() > 8, "the tutorial has only " + blocks.size() + " blocks");
    return blocks;
  }

  /** Runs a block's lines of {@code ./ilora} here, and what is between them with bash. */
  private String run(String block) throws IOException, InterruptedException {
    StringBuilder others = new StringBuilder();
    String printed = "";
    for (String line : block.lines().toList()) {
      if (line.startsWith("./ilora ")) {
        printed = bash(others.toString());
        others.setLength(0);
        command(line.substring("./ilora ".length()));
      } else {
        others.append(line).append('\n');
      }
    }
    return others.isEmpty() ? printed : bash(others.toString());
  }

  private void command(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      words.add(here(word.group(1) == null ? word.group(2) : word.group(1)));
    }
    assertEquals(0, run(words.toArray(String[]::new)), () -> line + "\n" + err);
  }

  private String bash(String script) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euc", here(script))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    Path java = Path.of(System.getProperty("java.home"), "bin");
    builder.environment().merge("PATH", java.toString(), (path, first) -> first + ":" + path);
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "33554432");
    int exitCode = builder.start().waitFor();
    String printed = Files.readString(out);
    assertEquals(0, exitCode, () -> script + "\n" + printed);
    return printed;
  }

  /** A line with this test's folder, recipes and classes in place of the checkout's. */
  private String here(String text) {
    return text.replace("my-shop", folder.resolve("my-shop").toString())
        .replaceAll("^recipes/", Matcher.quoteReplacement(ROOT.resolve("recipes") + "/"))
        .replace("\"app/target/lib/*\"", '"' + System.getProperty("java.class.path") + '"');
  }
}
