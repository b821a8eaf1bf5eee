package dev.ilora.cli;

import dev.ilora.data.Case;
import dev.ilora.data.Part;
import dev.ilora.data.Positions;
import dev.ilora.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which data a recommender command works on, and how they are cut. */
final class DataArguments {
  @Mixin private SplitArgument cut;

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
    return cut.split(folder, historyLength);
  }

  /** Rows of a part with at least the papers' 3 history items. */
  static List<Case> rows(Split split, Part part, Positions positions) {
    return split.rows(part, positions, Split.DEFAULT_MIN_HISTORY);
  }
}
