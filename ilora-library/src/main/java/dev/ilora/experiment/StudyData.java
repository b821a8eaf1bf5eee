package dev.ilora.experiment;

import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.CandidateFile;
import dev.ilora.data.Case;
import dev.ilora.data.Dataset;
import dev.ilora.data.Part;
import dev.ilora.data.Split;
import dev.ilora.data.Times;
import dev.ilora.data.Window;
import dev.ilora.files.Hashes;
import dev.ilora.files.MakingLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The data of a recipe: what is learned from and evaluated on. Recipes with the same data and rows
 * share the same cases and frozen candidates. May be used by several threads.
 */
public final class StudyData {
  private final Datasets datasets;
  private final Path root;
  private final Path folder;
  private final Recipe.Rows rows;

  /**
   * @param root folder of the workspace, where candidates are kept
   * @param folder of the data set
   */
  StudyData(Datasets datasets, Path root, Path folder, Recipe.Rows rows) {
    this.datasets = datasets;
    this.root = root;
    this.folder = folder;
    this.rows = rows;
  }

  /**
   * The data set, read once.
   *
   * @throws dev.ilora.BadInputException if it is not a dataset folder or holds no interactions
   */
  public Dataset dataset() {
    return datasets.dataset(folder);
  }

  /** Content hash of the data set. */
  public String hash() {
    return datasets.hash(folder);
  }

  /**
   * The split.
   *
   * @throws ConfigException if the data cannot be split so
   */
  public Split split() {
    try {
      return datasets.split(folder, rows.split(), rows.history());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("rows.split: " + e.getMessage());
    }
  }

  /**
   * The cases of a part: all of training, without candidates; a fixed sample of the others, with
   * their frozen candidates.
   */
  public List<Case> cases(Part part) {
    return switch (part) {
      case TRAIN -> split().trainRows(rows.minHistory());
      case VALID, TEST -> candidates(part).of(sample(part));
    };
  }

  private List<Case> sample(Part part) {
    int count =
        switch (part) {
          case TRAIN -> Integer.MAX_VALUE;
          case VALID -> rows.validRows();
          case TEST -> rows.testRows();
        };
    List<Case> all = split().rows(part, rows.positions(), rows.minHistory());
    return all.isEmpty() ? all : Split.sample(all, count, rows.candidateSeed());
  }

  /**
   * The items each training user had before the end of training: what training never draws as a
   * wrong candidate. What is held out may be drawn, as any item the user does not know yet.
   */
  public Map<String, BitSet> seenInTraining() {
    Map<String, BitSet> seen = new HashMap<>();
    for (Window window : split().train()) {
      BitSet items = seen.computeIfAbsent(window.user().user(), _ -> new BitSet());
      for (int position = 0; position < window.to(); position++) {
        items.set(window.user().items()[position]);
      }
    }
    return seen;
  }

  /** Between which times the data lie, which cuts may have missed. */
  private String times() {
    LongSummaryStatistics times =
        dataset().users().stream()
            .flatMapToLong(user -> LongStream.of(user.times()))
            .summaryStatistics();
    return times.getCount() == 0
        ? ""
        : "; the data's times are %s to %s"
            .formatted(instant(times.getMin()), instant(times.getMax()));
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(Times.seconds(micros));
  }

  /** The frozen candidates of a part, drawn and written on first use. */
  public CandidateFile candidates(Part part) {
    synchronized (datasets) {
      String key = Hashes.key(Config.yaml(rows), part.fileName(), hash());
      Path file = root.resolve("candidates-" + part.fileName() + "-" + key + ".jsonl");
      List<Case> sample = sample(part);
      if (sample.isEmpty()) {
        throw new ConfigException(
            "no %s row of %s: with split %s no position has rows.minHistory=%s items before it%s"
                .formatted(part.fileName(), folder, rows.split(), rows.minHistory(), times()));
      }
      try {
        if (!Files.exists(file)) {
          try (var _ = MakingLock.of(file)) {
            if (!Files.exists(file)) {
              draw(sample).write(file);
            }
          }
        }
        CandidateFile candidates = CandidateFile.read(file, dataset().itemCount());
        candidates.requireMatches(sample);
        return candidates;
      } catch (IOException e) {
        throw new UncheckedIOException(file + ": " + e.getMessage(), e);
      }
    }
  }

  private CandidateFile draw(List<Case> sample) {
    try {
      return CandidateFile.draw(sample, dataset(), rows.candidates(), rows.candidateSeed());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("rows.candidates: " + e.getMessage());
    }
  }
}
