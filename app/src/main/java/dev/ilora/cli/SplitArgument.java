package dev.ilora.cli;

import dev.ilora.config.ConfigException;
import dev.ilora.data.Dataset;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.synthetic.DemoWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the data of a command are cut. */
final class SplitArgument {
  @Option(
      names = "--split",
      paramLabel = "RULE",
      description =
          "users-by-time, leave-one-out, cut-off:VALID_FROM,TEST_FROM (dates, such as"
              + " cut-off:2024-05-01,2024-06-01) or given (default: given where there is one,"
              + " users-by-time where there are times).")
  private String rule;

  /** Reads and cuts a dataset folder, or the demo world for the word demo. */
  Split split(Path folder, int historyLength) throws IOException {
    return split(folder, Optional.empty(), historyLength);
  }

  /**
   * As above.
   *
   * @param other the rule where the option is not given
   */
  Split split(Path folder, Optional<String> other, int historyLength) throws IOException {
    String rule = this.rule == null ? other.orElse(null) : this.rule;
    Dataset dataset =
        folder.toString().equals("demo") ? DemoWorld.generate(1) : DatasetFolder.read(folder);
    try {
      return (rule == null ? SplitRule.usual(dataset) : SplitRule.parse(rule))
          .apply(dataset, historyLength);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }
}
