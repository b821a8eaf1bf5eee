package dev.ilora.browser;

import dev.ilora.files.Folders;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium with a profile of its own, gone when closed. */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final String LISTENING = "DevTools listening on ";
  private static final long PATIENCE_SECONDS = 10;

  private final Process process;
  private final Path profile;
  private final URI address;

  private Chromium(Process process, Path profile, URI address) {
    this.process = process;
    this.profile = profile;
    this.address = address;
  }

  /** The browser's program: the one CHROMIUM names, or the first on the path. */
  static Optional<Path> find() {
    String named = System.getenv("CHROMIUM");
    if (named != null) {
      return Optional.of(Path.of(named)).filter(Files::isExecutable);
    }
    String[] folders = System.getenv().getOrDefault("PATH", "").split(":");
    return NAMES.stream()
        .flatMap(name -> Stream.of(folders).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts a browser that waits for {@link #connect}. */
  static Chromium start(Path program) throws IOException {
    Path profile = Files.createTempDirectory("check-report");
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--no-first-run",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--force-color-profile=srgb"));
    if (System.getProperty("user.name").equals("root")) {
      command.add("--no-sandbox");
    }
    command.add("about:blank");
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    return new Chromium(process, profile, address(program, process));
  }

  private static URI address(Path program, Process process) throws IOException {
    BufferedReader told = process.errorReader();
    List<String> lines = new ArrayList<>();
    for (String line = told.readLine(); line != null; line = told.readLine()) {
      lines.add(line);
      if (line.startsWith(LISTENING)) {
        Thread.ofVirtual().start(() -> told.lines().forEach(_ -> {}));
        return URI.create(line.substring(LISTENING.length()).strip());
      }
    }
    throw new IOException(program + " ended and said: " + String.join("\n", lines));
  }

  /** A connection to it. */
  DevTools connect() {
    return new DevTools(address);
  }

  /** Ends the browser. Its helpers write to the profile until they have ended too. */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    process.destroy();
    all.forEach(Chromium::awaitEnd);
    Folders.delete(profile);
  }

  private static void awaitEnd(ProcessHandle one) {
    one.onExit()
        .completeOnTimeout(one, PATIENCE_SECONDS, TimeUnit.SECONDS)
        .thenAccept(ProcessHandle::destroyForcibly)
        .thenCombine(one.onExit(), (_, ended) -> ended)
        .join();
  }
}
