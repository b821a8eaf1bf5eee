package dev.ilora.faults;

import dev.ilora.files.Hashes;
import dev.ilora.runs.RunFolder;
import dev.ilora.runs.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What commands left in a folder, without what no two runs share: durations, peaks and times.
 *
 * @param files name to content, in a form that can be compared
 */
record Outcome(Map<String, String> files) {

  static Outcome of(Path work) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(work)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = work.relativize(file).toString();
        if (!isPrivate(name)) {
          files.put(name, content(file));
        }
      }
    }
    return new Outcome(files);
  }

  /** Seals hold hashes of former files too; checkpoints are taken now and then. */
  private static boolean isPrivate(String name) {
    return name.endsWith(".sha256") || name.contains("checkpoints");
  }

  private static String content(Path file) throws IOException {
    return switch (file.getFileName().toString()) {
      case RunFolder.RECORD -> record(new RunFolder(file.getParent()).record());
      case "curve.jsonl" ->
          Files.readString(file).replaceAll("\"(tokensPerSecond|tokens_per_second)\":[^,}]*", "");
      case "recommender.json" -> Files.readString(file).replaceAll("\"seconds\" : [^,\\s}]*", "");
      case "report.html" -> Boolean.toString(Files.readString(file).endsWith("</html>\n"));
      default -> Hashes.sha256(file);
    };
  }

  /** A record must be complete: each phase has its time and, where it is measured, its peak. */
  private static String record(RunRecord record) {
    List<String> phases = new ArrayList<>();
    record
        .costs()
        .forEach(
            (phase, cost) ->
                phases.add(
                    "%s %s %s %s"
                        .formatted(
                            phase,
                            cost.seconds() > 0,
                            cost.threads(),
                            cost.peakBytes().isPresent())));
    return String.join(
        " | ",
        record.inputs().toString(),
        record.result().metrics().toString(),
        record.result().trainedParameters().toString(),
        record.result().notes().toString(),
        Boolean.toString(record.result().finished().isPresent()),
        phases.toString());
  }

  /** The names of files that differ or are there once only. */
  List<String> differences(Outcome other) {
    TreeSet<String> names = new TreeSet<>(files.keySet());
    names.addAll(other.files.keySet());
    return names.stream()
        .filter(name -> !files.getOrDefault(name, "").equals(other.files.getOrDefault(name, "")))
        .toList();
  }
}
