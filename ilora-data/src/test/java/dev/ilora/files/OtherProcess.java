package dev.ilora.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Another process that has a lock, or is in the middle of a file, until it is killed. */
public final class OtherProcess implements AutoCloseable {
  private final Process process;

  private OtherProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts one that does {@code lock}, {@code write} or {@code replace} with a path, and waits
   * until it does.
   */
  static OtherProcess doing(String what, Path path) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            OtherProcess.class.getName(),
            what,
            path.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    if (process.getInputStream().read() != '!') {
      throw new IOException(what + " did not begin");
    }
    return new OtherProcess(process);
  }

  /** Another process that has the lock of a path. */
  public static OtherProcess locking(Path path) throws IOException {
    return doing("lock", path);
  }

  /** Its number. */
  public long pid() {
    return process.pid();
  }

  /** Kills it as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] args) throws Exception {
    Path path = Path.of(args[1]);
    switch (args[0]) {
      case "lock" -> {
        try (var _ = MakingLock.refusing(path)) {
          begun();
        }
      }
      case "replace" ->
          WholeFolder.write(
              path,
              draft -> {
                WholeFile.write(draft.resolve("new.txt"), "new");
                Files.move(path, path.resolveSibling("." + path.getFileName() + ".former"));
                begun();
              });
      default ->
          WholeFile.write(
              path,
              out -> {
                out.write("half".getBytes(StandardCharsets.UTF_8));
                begun();
              });
    }
  }

  private static void begun() {
    System.out.print('!');
    System.out.flush();
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
