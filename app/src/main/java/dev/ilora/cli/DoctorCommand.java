package dev.ilora.cli;

import java.util.List;
import picocli.CommandLine;

/** {@code ilora doctor}: whether this machine can do the work, and how fast. */
@CommandLine.Command(
    name = "doctor",
    header = "Check Java, the native libraries, threads, memory and speed.",
    footer = {"", "Exit code 1 if something is broken; warnings alone give 0."})
final class DoctorCommand implements Command {
  /** The result as JSON. */
  record Examination(boolean ok, List<Check> checks) {}

  @Override
  public void run(Terminal terminal) {
    List<Check> checks = Doctor.examine();
    List<String> broken =
        checks.stream()
            .filter(check -> check.status() == Check.Status.FAILED)
            .map(Check::name)
            .toList();
    for (Check check : checks) {
      terminal.line("%-8s %-12s %s".formatted(label(check.status()), check.name(), check.found()));
      if (!check.advice().isEmpty()) {
        terminal.line(" ".repeat(22) + check.advice());
      }
    }
    terminal.json(new Examination(broken.isEmpty(), checks));
    if (!broken.isEmpty()) {
      throw new IllegalStateException("doctor found problems: " + String.join(", ", broken));
    }
  }

  private static String label(Check.Status status) {
    return switch (status) {
      case OK -> "ok";
      case WARNING -> "warning";
      case FAILED -> "FAILED";
    };
  }
}
