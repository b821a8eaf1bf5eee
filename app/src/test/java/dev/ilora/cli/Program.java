package dev.ilora.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program in a process of its own, as it is compiled now. */
public final class Program {
  private Program() {}

  /** The words that start it; those of the command line follow. */
  public static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-Dilora.root=" + System.getProperty("ilora.root", ".."),
        "-cp",
        path(),
        Main.class.getName());
  }

  /** Starts it with these words. */
  static ProcessBuilder with(String... words) {
    List<String> command = new ArrayList<>(command());
    command.addAll(List.of(words));
    return new ProcessBuilder(command);
  }

  /** The class path, from whatever folder it is used. */
  static String path() {
    return String.join(
        File.pathSeparator,
        List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }
}
