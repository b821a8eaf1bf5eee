package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.config.ConfigException;
import dev.ilora.runs.CaseSet;
import dev.ilora.runs.Run;
import dev.ilora.runs.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The runs that a command line names. */
final class RunFolders {
  private RunFolders() {}

  /**
   * Reads runs.
   *
   * @param folders run folders, or folders that hold run folders
   * @throws BadInputException if a folder is neither, a run cannot be read, or a folder beside runs
   *     is one without its record
   * @throws ConfigException if two are of one method with one seed on the same candidates: they
   *     cannot stand in one table
   */
  static List<Run> read(List<Path> folders) throws IOException {
    List<Run> runs = new ArrayList<>();
    for (Path folder : folders) {
      if (Files.isDirectory(folder) && !RunFolder.holdsRun(folder)) {
        runs.addAll(within(folder));
      } else {
        runs.add(Run.read(RunFolder.open(folder)));
      }
    }
    for (CaseSet set : CaseSet.values()) {
      requireDistinct(runs.stream().filter(run -> run.evaluatedOn(set)).toList(), set);
    }
    return runs;
  }

  private static List<Run> within(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> all = inside.sorted().toList();
      for (Path one : all) {
        if (RunFolder.lacksRecord(one)) {
          throw new BadInputException(
              one,
              "holds files of a run, but no %s, which says what they are: put it back, or move the folder away"
                  .formatted(RunFolder.RECORD));
        }
      }
      List<Run> runs =
          all.stream().filter(RunFolder::holdsRun).map(RunFolder::open).map(Run::read).toList();
      if (runs.isEmpty()) {
        throw new BadInputException(
            folder,
            "not a run folder: no %s in it, nor in a folder of it".formatted(RunFolder.RECORD));
      }
      return runs;
    }
  }

  private static void requireDistinct(List<Run> runs, CaseSet set) {
    Map<String, Run> seen = new HashMap<>();
    for (Run run : runs) {
      Run former = seen.putIfAbsent(run.on(set).candidatesHash() + "\n" + run.title(), run);
      if (former != null) {
        throw new ConfigException(
            "%s and %s are both %s with seed %d on the same candidates: give one of them"
                .formatted(
                    former.folder().path(),
                    run.folder().path(),
                    run.method(),
                    run.record().identity().seed()));
      }
    }
  }
}
