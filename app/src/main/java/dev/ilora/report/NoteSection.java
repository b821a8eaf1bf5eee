package dev.ilora.report;

import dev.ilora.runs.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Notes on the data and what runs remarked of themselves: whoever reads figures should know it. */
final class NoteSection {
  private NoteSection() {}

  static void write(Html page, List<String> dataNotes, List<Run> runs) {
    Map<String, List<Run>> notes = new LinkedHashMap<>();
    for (Run run : runs) {
      for (String note : run.record().result().notes()) {
        notes.computeIfAbsent(note, _ -> new ArrayList<>()).add(run);
      }
    }
    if (notes.isEmpty() && dataNotes.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "Notes");
    dataNotes.forEach(note -> page.element("p", "Data: " + note, "class", "note"));
    notes.forEach(
        (note, noted) -> page.element("p", of(noted, runs.size()) + note, "class", "note"));
    page.close();
  }

  private static String of(List<Run> noted, int all) {
    return noted.size() == all
        ? ""
        : String.join("; ", noted.stream().map(Run::title).distinct().toList()) + ": ";
  }
}
