package dev.ilora.cli;

import dev.ilora.Counted;
import dev.ilora.config.ConfigException;
import dev.ilora.inspect.LogitsCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora model verify}: a language model against logits of another program. */
@CommandLine.Command(
    name = "verify",
    header = "Compare a language model's logits with those of another program.",
    description = {
      "FILE holds the tensors input_ids [rows, length], lengths [rows] and logits",
      "[rows, length, vocabulary]. Rows are padded on the right; padding is not compared.",
      "The model runs in 32 bits. The exit code is 1 where a logit differs by more than the",
      "tolerance."
    },
    footer = {"", "Example:", "  ilora model verify model.gguf --expected expected.safetensors"})
final class ModelVerifyCommand implements Command {
  @Parameters(
      paramLabel = "MODEL",
      description = "A Hugging Face folder, a GGUF file, or a run or model folder that adapts one.")
  private Path model;

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = "LoRA, virtual tokens or a prefix in PEFT's layout, applied to the model.")
  private Optional<Path> adapter = Optional.empty();

  @Option(
      names = "--expected",
      paramLabel = "FILE",
      required = true,
      description = "A safetensors file with what the model should compute.")
  private Path expected;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description = "Largest difference of a logit (default: ${DEFAULT-VALUE}).")
  private double tolerance = 1e-4;

  /** The result as JSON. */
  record Verification(
      boolean passed,
      String model,
      Optional<String> adapter,
      String expected,
      double tolerance,
      LogitsCheck check) {}

  @Override
  public void run(Terminal terminal) throws IOException {
    if (!(tolerance >= 0 && Double.isFinite(tolerance))) {
      throw new ConfigException("--tolerance: expected a number of at least 0, got " + tolerance);
    }
    Path located = LanguageModels.locate(model);
    LogitsCheck check = LogitsCheck.of(located, adapter, expected);
    boolean passed = check.largestDifference() <= tolerance;
    print(located, check, terminal);
    terminal.json(
        new Verification(
            passed,
            located.toString(),
            adapter.map(Path::toString),
            expected.toString(),
            tolerance,
            check));
    if (!passed) {
      throw new FailedCheckException(
          "%s does not compute what %s says: a logit differs by %s, more than %s"
              .formatted(located, expected, number(check.largestDifference()), number(tolerance)));
    }
    terminal.line("The model computes what the file says, within " + number(tolerance) + ".");
  }

  private void print(Path located, LogitsCheck check, Terminal terminal) {
    LogitsCheck.Place at = check.at();
    line(terminal, "model", located + adapter.map(folder -> " with " + folder).orElse(""));
    line(
        terminal,
        "compared",
        "%s in %s, logits of %s after each"
            .formatted(
                Counted.of(check.positions(), "position"),
                Counted.of(check.rows(), "row"),
                Counted.of(check.vocabulary(), "token")));
    line(
        terminal,
        "largest",
        "%s at row %s, position %s, token %s (counted from 0): expected %s, got %s"
            .formatted(
                number(check.largestDifference()),
                at.row(),
                at.position(),
                at.token(),
                at.expected(),
                at.found()));
    line(
        terminal,
        "best token",
        "the same at %s of %s".formatted(check.sameBest(), check.positions()));
  }

  private static void line(Terminal terminal, String name, String text) {
    terminal.line(String.format(Locale.ROOT, "%-12s %s", name, text));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
