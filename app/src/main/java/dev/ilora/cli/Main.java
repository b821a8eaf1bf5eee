package dev.ilora.cli;

import dev.ilora.Interruption;
import dev.ilora.Printable;
import dev.ilora.config.NearestName;
import dev.ilora.runs.Environment;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: finds the command, runs it, and ends with its {@linkplain ExitCode exit code}. */
@CommandLine.Command(
    name = "ilora",
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    header = "Personalised recommendation with language models on the JVM.",
    footer = {
      "",
      "Example:",
      "  ilora demo                                     all of it on a small invented world",
      "  ilora train recipes/ilora.yaml data=data/ml-100k",
      "",
      "ilora COMMAND --help explains a command. Exit codes: 0 done, 1 failed, 2 wrong usage",
      "or configuration, 3 bad input data, 130 interrupted (training has written a checkpoint)."
    })
public final class Main {
  @Mixin private final GlobalOptions options = new GlobalOptions();

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  @SuppressWarnings("UnusedVariable") // picocli shows it
  private boolean version;

  // A logger that nobody holds forgets its level.
  private static final Logger PARQUET = Logger.getLogger("dev.hardwood");

  private final PrintWriter out;
  private final PrintWriter err;
  private final Interruption interruption;

  Main(PrintWriter out, PrintWriter err, Interruption interruption) {
    this.out = out;
    this.err = err;
    this.interruption = interruption;
  }

  /** Runs the command line and ends the process. */
  public static void main(String[] args) {
    // Texts for people and programs are the same everywhere: no digits or letters of a locale.
    Locale.setDefault(Locale.ROOT);
    int exitCode;
    try (var interruption = Interruption.onSignals()) {
      CheckedOutput standard = new CheckedOutput(new FileOutputStream(FileDescriptor.out));
      PrintWriter out = new PrintWriter(standard, true, System.out.charset());
      PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
      exitCode = new Main(out, err, interruption).run(Commands.ALL, args);
      out.flush();
      if (standard.failure().isPresent()) {
        String reason = standard.failure().get().getMessage();
        // Whoever reads the first lines only, as head does, has what was wanted.
        if (!"Broken pipe".equals(reason)) {
          err.println("ilora: standard output cannot be written: " + reason);
        }
        exitCode = exitCode == ExitCode.DONE ? ExitCode.FAILED : exitCode;
      }
    }
    System.exit(exitCode);
  }

  /** Runs one command line and returns its exit code. */
  int run(List<Class<?>> commands, String... args) {
    // The reader of Parquet tells which of its own forms it takes, which helps no user.
    PARQUET.setLevel(Level.WARNING);
    CommandLine line = new CommandLine(this);
    commands.forEach(line::addSubcommand);
    // reading the options of all benches would take a tenth of every start
    if (List.of(args).contains("bench") && line.getSubcommands().get("bench") != null) {
      BenchCommand.subcommands().forEach(line.getSubcommands().get("bench")::addSubcommand);
    }
    line.setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true).setExpandAtFiles(false);
    line.registerConverter(Path.class, Main::path);
    line.setUsageHelpLongOptionsMaxWidth(28).setUsageHelpWidth(96);
    line.setExecutionStrategy(this::execute);
    line.setParameterExceptionHandler((error, args1) -> wrongUsage(error));
    try {
      return line.execute(args);
    } catch (LinkageError | OutOfMemoryError e) {
      return failed(e);
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("expected a path, found nothing");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("no path of a file: " + e.getReason());
    }
  }

  private int execute(ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    CommandLine last = parsed.asCommandLineList().getLast();
    if (!(last.getCommand() instanceof Command command)) {
      throw new ParameterException(last, "Missing command" + example(last));
    }
    try {
      command.run(new Terminal(out, err, options, interruption));
      return ExitCode.DONE;
    } catch (ParameterException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // the one place where all errors of a command end
      return failed(e);
    }
  }

  private static String example(CommandLine line) {
    return ": one of " + String.join(", ", line.getSubcommands().keySet());
  }

  private int wrongUsage(ParameterException error) {
    String help = error.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    err.println(Printable.lines("ilora: " + usageMessage(error) + " (see " + help + ")"));
    return ExitCode.WRONG_USAGE;
  }

  private static String usageMessage(ParameterException error) {
    if (error instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      CommandLine at = error.getCommandLine();
      boolean option = word.startsWith("-");
      var known = option ? at.getCommandSpec().optionsMap().keySet() : at.getSubcommands().keySet();
      Optional<String> nearest = NearestName.of(word, known);
      String kind = option ? "option" : at.getSubcommands().isEmpty() ? "argument" : "command";
      return "unknown "
          + kind
          + " "
          + word
          + nearest.map(name -> "; did you mean " + name + "?").orElse("");
    }
    String message = error.getMessage().lines().findFirst().orElse("wrong usage");
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private int failed(Throwable error) {
    ErrorLine line = ErrorLine.of(error);
    boolean debug = options.debug || System.getenv("ILORA_DEBUG") != null;
    if (debug) {
      error.printStackTrace(err);
    }
    String hint = debug || line.expected() ? "" : " (--debug shows where)";
    err.println(Printable.lines("ilora: " + line.text() + hint));
    return line.exitCode();
  }

  /** The version of the library. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"ilora " + Environment.iloraVersion()};
    }
  }
}
