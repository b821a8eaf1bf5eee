package dev.ilora.cli;

import dev.ilora.config.ConfigException;
import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.synthetic.DemoWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which data a recommender command works on, and how they are cut. */
final class DataArguments {
  @Option(
      names = "--split",
      paramLabel = "RULE",
      description =
          "users-by-time, leave-one-out, cut-off:VALID_FROM,TEST_FROM or given (default: given"
              + " where there is one, users-by-time where there are times).")
  private String rule;

  @Option(
      names = "--history",
      paramLabel = "N",
      description = "Most history items (default: ${DEFAULT-VALUE}).")
  private int historyLength = Split.DEFAULT_HISTORY_LENGTH;

  int historyLength() {
    return historyLength;
  }

  /** Reads and cuts a dataset folder, or the demo world for the word demo. */
  Split split(Path folder) throws IOException {
    Dataset dataset =
        folder.toString().equals("demo") ? DemoWorld.generate(1) : DatasetFolder.read(folder);
    try {
      return (rule == null ? SplitRule.usual(dataset) : SplitRule.parse(rule))
          .apply(dataset, historyLength);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  /** Rows of a part with at least the papers' 3 history items. */
  static List<Case> rows(Split split, Part part, Positions positions) {
    return split.rows(part, positions, Split.DEFAULT_MIN_HISTORY);
  }
}
