package dev.ilora.cli;

import dev.ilora.config.ConfigException;
import dev.ilora.machine.ThreadChoice;
import dev.ilora.tensor.Torch;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * How many threads a command that trains has: those asked for, or those that are fastest now. The
 * launcher says with the property {@code ilora.threads} that the environment names none.
 */
final class ThreadOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {
        "Threads to compute on. By default they are measured at the start, for about a second,",
        "or are OMP_NUM_THREADS where that is set. Another number gives other last bits."
      })
  private Optional<Integer> threads = Optional.empty();

  /** Refuses a number that cannot be, before any work. */
  void check() {
    threads
        .filter(count -> count < 1)
        .ifPresent(
            count -> {
              throw new ConfigException("--threads: expected at least 1, got " + count);
            });
  }

  /** Sets the threads of this process, and says how many there are where they were measured. */
  void set(Terminal terminal) {
    check();
    if (threads.isPresent()) {
      Torch.threads(threads.get());
    } else if ("measure".equals(System.getProperty("ilora.threads")) && Torch.threads() > 1) {
      ThreadChoice choice = ThreadChoice.measure(Torch.threads());
      Torch.threads(choice.threads());
      terminal.remark("threads: %s; --threads sets another number".formatted(choice));
    }
  }
}
