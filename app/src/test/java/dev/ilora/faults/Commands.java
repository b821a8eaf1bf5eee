package dev.ilora.faults;

import dev.ilora.files.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The program in processes of its own. */
final class Commands {
  private static final int PATIENCE_SECONDS = 300;

  private final List<String> program;
  private final Path world;

  /**
   * @param program how it is started
   * @param world the folder of raw files, the data set and recipes
   */
  Commands(List<String> program, Path world) {
    this.program = program;
    this.world = world;
  }

  /** How a process ended and what it said; 124 where it did not end. */
  record Ended(int exitCode, String said) {}

  /** A process that goes on. */
  record Started(Process process, Path log) {
    Ended end() throws IOException, InterruptedException {
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      String said = Files.readString(log, StandardCharsets.UTF_8).strip();
      return new Ended(ended ? process.exitValue() : 124, said);
    }
  }

  Started start(Stage stage, Path work) throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(stage.command(world, work));
    Path log = Files.createTempFile(work.getParent(), "log", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(work.getParent().toFile());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    builder.environment().put("ILORA_NO_BUILD", "1");
    return new Started(builder.start(), log);
  }

  Ended run(Stage stage, Path work) throws IOException, InterruptedException {
    return start(stage, work).end();
  }

  /** Copies a folder with all it holds. */
  static Path copy(Path from, Path to) throws IOException {
    Folders.delete(to);
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path copy = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
    return to;
  }

  /** The number of paths below a folder. */
  static long count(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.count();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // a file went away while it was counted
    }
  }
}
