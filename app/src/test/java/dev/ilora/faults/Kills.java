package dev.ilora.faults;

import dev.ilora.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Kills commands and gives them again, and starts two at once; what is left must be what one
 * undisturbed command leaves.
 */
final class Kills {
  private final Commands commands;
  private final Path folder;
  private final long seed;
  private final List<Reference> references = new ArrayList<>();

  /**
   * An undisturbed stage.
   *
   * @param before what it started from
   * @param outcome what it left
   * @param millis how long it took
   * @param paths how many new paths were seen while it ran
   */
  private record Reference(Stage stage, Path before, Outcome outcome, long millis, int paths) {}

  /**
   * What one disturbance came to.
   *
   * @param moment when it was
   * @param fault what is wrong, or nothing
   */
  record Result(long number, String stage, String moment, String fault) {}

  Kills(Commands commands, Path folder, long seed) {
    this.commands = commands;
    this.folder = folder;
    this.seed = seed;
  }

  /** Runs every stage once undisturbed. */
  void prepare() throws IOException, InterruptedException {
    prepare(Stage.ALL);
    references.add(reference(Stage.STUDY, empty(folder.resolve("reference/study"))));
  }

  /** Runs some stages once undisturbed, one after another in one folder. */
  void prepare(List<Stage> stages) throws IOException, InterruptedException {
    Path work = empty(folder.resolve("reference/work"));
    for (Stage stage : stages) {
      references.add(reference(stage, work));
    }
  }

  private static Path empty(Path work) throws IOException {
    Folders.delete(work);
    return Files.createDirectories(work);
  }

  private Reference reference(Stage stage, Path work) throws IOException, InterruptedException {
    Path before = Commands.copy(work, folder.resolve("reference/before-" + stage.name()));
    long start = System.nanoTime();
    Commands.Started started = commands.start(stage, work);
    int paths = newPaths(started.process(), work, Integer.MAX_VALUE, Long.MAX_VALUE);
    Commands.Ended ended = started.end();
    if (ended.exitCode() != 0) {
      throw new IllegalStateException(stage.name() + " fails undisturbed: " + ended.said());
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    return new Reference(stage, before, Outcome.of(work), millis, paths);
  }

  /** Watches until so many new paths appeared, the time is over or the process ends. */
  private static int newPaths(Process process, Path work, int most, long millis)
      throws InterruptedException {
    long start = System.nanoTime();
    Set<Path> seen = new HashSet<>();
    look(work, seen);
    int before = seen.size();
    while (process.isAlive()
        && seen.size() - before < most
        && (System.nanoTime() - start) / 1_000_000 < millis) {
      look(work, seen);
      Thread.sleep(1);
    }
    return seen.size() - before;
  }

  private static void look(Path work, Set<Path> seen) {
    try (Stream<Path> all = Files.walk(work)) {
      all.forEach(seen::add);
    } catch (IOException | java.io.UncheckedIOException e) {
      // A file went away while it was looked at; the next look sees the others.
    }
  }

  /** One kill, at a random moment or when a file appears; the same number, the same kill. */
  Result kill(long number) throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(seed * 7919 + number);
    Reference reference = references.get((int) (number % references.size()));
    Path work = Commands.copy(reference.before(), folder.resolve("kill-" + number + "/work"));
    boolean aimed = random.nextBoolean() && reference.paths() > 0;
    int path = aimed ? 1 + random.nextInt(reference.paths()) : Integer.MAX_VALUE;
    long after = aimed ? Long.MAX_VALUE : random.nextLong(1 + reference.millis());
    Commands.Started started = commands.start(reference.stage(), work);
    newPaths(started.process(), work, path, after);
    boolean alive = started.process().isAlive();
    started.process().destroyForcibly().waitFor();
    String moment =
        (aimed
                ? "at path %s of %s".formatted(path, reference.paths())
                : "after %s ms".formatted(after))
            + (alive ? "" : ", ended before");
    Commands.Ended again = commands.run(reference.stage(), work);
    String fault = fault(reference, work, again);
    if (fault.isEmpty()) {
      Folders.delete(work.getParent());
    }
    return new Result(number, reference.stage().name(), moment, fault);
  }

  private static String fault(Reference reference, Path work, Commands.Ended again)
      throws IOException {
    boolean wasDone =
        again.exitCode() == 3
            && (again.said().contains("exists already")
                || again.said().contains("already; choose"));
    if (again.exitCode() != 0 && !wasDone) {
      return "exit code %s: %s".formatted(again.exitCode(), again.said());
    }
    List<String> differences = reference.outcome().differences(Outcome.of(work));
    return differences.isEmpty() ? "" : "differs: " + String.join(", ", differences);
  }

  /** Two processes with one command at the same time. */
  Result pair(long number) throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(seed * 104_729 + number);
    Reference reference = references.get((int) (number % references.size()));
    Path work = Commands.copy(reference.before(), folder.resolve("pair-" + number + "/work"));
    long apart = random.nextLong(1 + reference.millis() / 2);
    Commands.Started first = commands.start(reference.stage(), work);
    Thread.sleep(apart);
    Commands.Started second = commands.start(reference.stage(), work);
    List<Commands.Ended> ended = List.of(first.end(), second.end());
    String fault = pairFault(reference, work, ended);
    if (fault.isEmpty()) {
      Folders.delete(work.getParent());
    }
    return new Result(number, reference.stage().name(), apart + " ms apart", fault);
  }

  private static String pairFault(Reference reference, Path work, List<Commands.Ended> ended)
      throws IOException {
    boolean done = ended.stream().anyMatch(one -> one.exitCode() == 0);
    for (Commands.Ended one : ended) {
      boolean refused =
          one.exitCode() == 3
              && (one.said().contains("is in use by process ") || one.said().contains("already"));
      if (!done || one.exitCode() != 0 && !refused) {
        return "exit code %s: %s".formatted(one.exitCode(), one.said());
      }
    }
    List<String> differences = reference.outcome().differences(Outcome.of(work));
    return differences.isEmpty() ? "" : "differs: " + String.join(", ", differences);
  }
}
