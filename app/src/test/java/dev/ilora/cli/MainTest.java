package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.config.Config;
import dev.ilora.config.Default;
import dev.ilora.runs.Environment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class MainTest {
  private record Outcome(int exitCode, String out, String err) {}

  record Recipe(@Default("10") int steps, @Default("cpu") String device) {}

  @CommandLine.Command(name = "train", header = "Train something.")
  static final class Train implements Command {
    @Option(names = "--epochs", defaultValue = "1")
    private int epochs;

    @Parameters private List<String> words = List.of();

    @Override
    public void run(Terminal terminal) {
      Recipe recipe = Config.bind(Recipe.class, words);
      terminal.line("steps " + recipe.steps() * epochs);
      terminal.json(Map.of("steps", recipe.steps() * epochs));
      terminal.remark("a remark");
    }
  }

  @CommandLine.Command(name = "data", subcommands = DataImport.class)
  static final class Data {}

  @CommandLine.Command(name = "import")
  static final class DataImport implements Command {
    @Override
    public void run(Terminal terminal) {
      terminal.line("imported");
    }
  }

  @CommandLine.Command(name = "fail")
  static final class Fail implements Command {
    @Parameters private String how;

    @Override
    public void run(Terminal terminal) throws IOException {
      switch (how) {
        case "input" -> throw new BadInputException(Path.of("a.tsv"), 7, "expected 3 columns");
        case "absent" -> throw new UncheckedIOException(new NoSuchFileException("b.tsv"));
        case "denied" -> throw new AccessDeniedException("runs/x");
        case "full" ->
            throw new UncheckedIOException(
                "cannot write runs/x: No space left on device",
                new IOException("No space left on device"));
        case "interrupted" -> throw new InterruptedRunException("Stopped at step 3");
        case "memory" -> throw new OutOfMemoryError("Java heap space");
        case "bound" -> throw new IllegalArgumentException("rank: expected 1 to 64, got 0");
        default -> throw new NullPointerException("x is null");
      }
    }
  }

  private static Outcome run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Main main = new Main(new PrintWriter(out), new PrintWriter(err), Interruption.never());
    List<Class<?>> commands = List.of(Train.class, Data.class, Fail.class);
    int exitCode = main.run(commands, args);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  private static void assertFails(int exitCode, String line, String... args) {
    Outcome outcome = run(args);
    assertEquals(line + "\n", outcome.err());
    assertEquals(exitCode, outcome.exitCode());
    assertEquals("", outcome.out());
  }

  @Test
  void runsACommandWithOptionsAndWords() {
    assertEquals(
        new Outcome(0, "steps 60\n", "a remark\n"), run("train", "--epochs", "3", "steps=20"));
    assertEquals(new Outcome(0, "steps 10\n", ""), run("train", "--quiet"));
    assertEquals(new Outcome(0, "imported\n", ""), run("data", "import"));
  }

  @Test
  void theReaderOfParquetKeepsItsRemarksToItself() {
    run("train", "--quiet");
    assertFalse(Logger.getLogger("dev.hardwood.internal.reader").isLoggable(Level.INFO));
  }

  @Test
  void jsonIsTheOnlyThingOnStandardOutput() {
    assertEquals("{\n  \"steps\" : 10\n}\n", run("train", "--json").out());
    assertEquals("{\n  \"steps\" : 10\n}\n", run("--json", "train").out());
  }

  @Test
  void wrongUsageEndsWith2AndSuggests() {
    assertFails(2, "ilora: unknown command trian; did you mean train? (see ilora --help)", "trian");
    assertFails(
        2,
        "ilora: unknown option --epoch; did you mean --epochs? (see ilora train --help)",
        "train",
        "--epoch",
        "3");
    assertFails(
        2,
        "ilora: invalid value for option '--epochs': 'x' is not an int (see ilora train --help)",
        "train",
        "--epochs",
        "x");
    assertFails(
        2,
        "ilora: unknown command improt; did you mean import? (see ilora data --help)",
        "data",
        "improt");
    assertFails(2, "ilora: missing command: one of import (see ilora data --help)", "data");
    assertFails(2, "ilora: missing command: one of train, data, fail (see ilora --help)");
    assertFails(2, "ilora: missing required parameter: '<how>' (see ilora fail --help)", "fail");
  }

  @Test
  void wrongConfigurationEndsWith2AndShowsEveryMistake() {
    assertFails(
        2, "ilora: command line: step: unknown key; did you mean steps?", "train", "step=20");
    assertFails(
        2,
        """
        ilora: 2 mistakes:
          command line: devise: unknown key; did you mean device?
          command line: steps = few: expected a whole number\
        """,
        "train",
        "devise=cuda",
        "steps=few");
  }

  @Test
  void badInputEndsWith3() {
    assertFails(3, "ilora: a.tsv:7: expected 3 columns", "fail", "input");
    assertFails(3, "ilora: b.tsv: no such file", "fail", "absent");
  }

  @Test
  void failuresEndWith1AndOneLine() {
    assertFails(1, "ilora: runs/x: permission denied", "fail", "denied");
    assertFails(
        1,
        "ilora: cannot write runs/x: No space left on device (--debug shows where)",
        "fail",
        "full");
    assertFails(1, "ilora: rank: expected 1 to 64, got 0 (--debug shows where)", "fail", "bound");
    assertFails(1, "ilora: NullPointerException: x is null (--debug shows where)", "fail", "null");
    assertFails(
        1,
        "ilora: out of memory (Java heap space); give more with ILORA_JAVA_OPTS=-Xmx8g",
        "fail",
        "memory");
  }

  @Test
  void interruptionEndsWith130() {
    assertFails(130, "ilora: Stopped at step 3", "fail", "interrupted");
  }

  @Test
  void debugShowsWhereTheErrorCameFrom() {
    Outcome outcome = run("fail", "null", "--debug");
    assertTrue(outcome.err().contains("at dev.ilora.cli.MainTest$Fail.run"), outcome.err());
    assertTrue(outcome.err().endsWith("ilora: NullPointerException: x is null\n"), outcome.err());
  }

  @Test
  void helpListsTheCommandsAndAnExample() {
    Outcome help = run("--help");
    assertEquals(0, help.exitCode());
    assertTrue(help.out().contains("  train  Train something.\n"), help.out());
    assertTrue(help.out().contains("Example:\n  ilora demo"), help.out());
    assertEquals(0, run("train", "--help").exitCode());
  }

  /** A packaged library carries its version, which its file's name also tells; classes do not. */
  @Test
  void theVersionIsThatOfTheLibrary() {
    String library =
        Environment.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    Matcher packaged = Pattern.compile(".*/ilora-(.+)\\.jar").matcher(library);
    String version = packaged.matches() ? packaged.group(1) : "development";
    assertEquals("ilora " + version + "\n", run("--version").out());
  }

  @Test
  void everyRegisteredCommandShowsItsHelp() {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    for (Class<?> command : Commands.ALL) {
      String name = command.getAnnotation(CommandLine.Command.class).name();
      Main main = new Main(writer, writer, Interruption.never());
      assertEquals(0, main.run(Commands.ALL, name, "--help"), out.toString());
    }
  }
}
