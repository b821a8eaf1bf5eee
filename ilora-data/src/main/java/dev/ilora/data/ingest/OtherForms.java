package dev.ilora.data.ingest;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Files that hold tables in a form that is not read, and what to do with them. */
final class OtherForms {
  private static final Map<String, String> HELP = new LinkedHashMap<>();

  static {
    for (String packed : List.of(".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".tar", ".tgz")) {
      HELP.put(packed, "unpack it first");
    }
    for (String workbook : List.of(".xlsx", ".xls", ".ods")) {
      HELP.put(workbook, "save it as CSV");
    }
    HELP.put(".json", "write one object a line, in a file that ends in .jsonl");
  }

  private OtherForms() {}

  /** What to do with such files among some; blank if there are none. */
  static String help(List<Path> files) {
    return files.stream()
        .map(file -> file.getFileName().toString())
        .flatMap(
            name ->
                HELP.entrySet().stream()
                    .filter(form -> name.toLowerCase(Locale.ROOT).endsWith(form.getKey()))
                    .map(form -> "; %s: %s".formatted(name, form.getValue())))
        .limit(3)
        .collect(Collectors.joining());
  }
}
