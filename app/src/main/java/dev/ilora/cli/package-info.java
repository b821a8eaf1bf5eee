/**
 * The command line: {@code ilora COMMAND ...}.
 *
 * <p>A command is a class with picocli's annotations that implements {@link dev.ilora.cli.Command};
 * it is listed in {@link dev.ilora.cli.Commands} and nowhere else. It prints its result through the
 * {@link dev.ilora.cli.Terminal} it is given (as JSON with {@code --json}), reports progress to
 * {@link dev.ilora.cli.Terminal#progress}, and throws for anything that goes wrong: {@link
 * dev.ilora.config.ConfigException} (exit code 2), {@link dev.ilora.BadInputException} (3), {@link
 * dev.ilora.InterruptedRunException} (130), anything else (1). {@link dev.ilora.cli.Main} turns
 * these into one line.
 *
 * <p>All commands are read to show {@code --help}: their fields must have types that load quickly.
 */
package dev.ilora.cli;
