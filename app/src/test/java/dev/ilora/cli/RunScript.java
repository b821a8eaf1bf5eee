package dev.ilora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A script of {@code runs/} with a program of the test's: {@code ilora}, raw data in {@code raw}
 * and results in {@code out}, all in one folder.
 */
record RunScript(String name, Path folder) {
  record Outcome(int exitCode, String out, String err) {}

  /** Writes the program that the script calls. */
  void program(String text) throws IOException {
    Path program = Files.writeString(folder.resolve("ilora"), text);
    if (!program.toFile().setExecutable(true)) {
      throw new IOException(program + ": cannot be made executable");
    }
  }

  /** Runs the script with these words. */
  Outcome run(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    Path script = Path.of(System.getProperty("ilora.root", ".."), "runs", name).toAbsolutePath();
    List<String> command = new ArrayList<>(List.of("bash", script.toString()));
    command.addAll(List.of(words));
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("ILORA", folder.resolve("ilora").toString());
    builder.environment().put("ILORA_RAW", folder.resolve("raw").toString());
    builder.environment().put("OUT", folder.resolve("out").toString());
    builder.environment().putAll(environment);
    int exitCode = builder.start().waitFor();
    return new Outcome(exitCode, Files.readString(out), Files.readString(err));
  }

  /**
   * What the program was asked for since the last call, in short: a program that notes its words
   * appends them to {@code asked}.
   */
  List<String> asked() throws IOException {
    Path asked = folder.resolve("asked");
    List<String> lines = Files.exists(asked) ? Files.readAllLines(asked) : List.of();
    Files.deleteIfExists(asked);
    return lines.stream().map(line -> line.replace(folder.toString(), ".")).toList();
  }
}
