package dev.ilora.experiment;

import dev.ilora.BadInputException;
import dev.ilora.data.Dataset;
import dev.ilora.data.Split;
import dev.ilora.data.SplitRule;
import dev.ilora.data.atomic.DatasetFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Data sets, their hashes and splits, each read or made once for all runs of a workspace. */
final class Datasets {
  private final Map<Path, Dataset> datasets = new HashMap<>();
  private final Map<Path, String> hashes = new HashMap<>();
  private final Map<String, Split> splits = new HashMap<>();

  synchronized Dataset dataset(Path folder) {
    return datasets.computeIfAbsent(
        folder,
        path -> {
          try {
            return DatasetFolder.read(path);
          } catch (IOException e) {
            throw new BadInputException(path, "cannot be read: " + e.getMessage());
          }
        });
  }

  synchronized String hash(Path folder) {
    return hashes.computeIfAbsent(folder, path -> DatasetFolder.hash(dataset(path)));
  }

  synchronized Split split(Path folder, String rule, int history) {
    return splits.computeIfAbsent(
        folder + " " + rule + " " + history,
        _ -> SplitRule.parse(rule).apply(dataset(folder), history));
  }
}
