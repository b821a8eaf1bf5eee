package dev.ilora.cli;

import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.synthetic.DemoWorld;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The data a bench works on. */
final class BenchData {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Imported data set whose rows are used (default: the demo world).")
  private Path folder;

  /** The data set chosen. */
  Dataset dataset() throws IOException {
    return folder == null ? DemoWorld.generate(1) : DatasetFolder.read(folder);
  }

  /** Its name, for the result. */
  String name() {
    return folder == null ? "demo" : folder.toAbsolutePath().normalize().getFileName().toString();
  }
}
