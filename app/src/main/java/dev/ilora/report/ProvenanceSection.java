package dev.ilora.report;

import dev.ilora.runs.Manifest;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Where each run's figures come from. */
final class ProvenanceSection {
  private ProvenanceSection() {}

  static void write(Html page, List<ReportRun> runs) {
    page.open("section").element("h2", "Provenance");
    runs.forEach(run -> run(page, run));
    page.close();
  }

  private static void run(Html page, ReportRun run) {
    page.open("details").open("summary").text(run.name());
    page.element("span", " " + run.folder().path(), "class", "small").close();
    page.open("div", "class", "wide").open("table", "class", "facts").open("tbody");
    facts(run.manifest()).forEach((name, value) -> fact(page, name, value));
    page.close().close().close();
    if (Files.exists(run.folder().recipeFile())) {
      page.element("h4", "Recipe").element("pre", run.folder().recipe());
    }
    page.close();
  }

  private static Map<String, String> facts(Manifest manifest) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("ilora", manifest.iloraVersion());
    facts.put("data set", manifest.dataset() + " " + manifest.dataHash());
    facts.put("candidates", Objects.requireNonNullElse(manifest.candidatesHash(), "–"));
    facts.put("base model", Objects.requireNonNullElse(manifest.baseModelHash(), "–"));
    facts.put("started", manifest.started().toString());
    facts.put("finished", manifest.finished() == null ? "–" : manifest.finished().toString());
    facts.put(
        "seconds",
        manifest.seconds().entrySet().stream()
            .map(e -> String.format(Locale.ROOT, "%s %.1f", e.getKey(), e.getValue()))
            .collect(Collectors.joining(", ")));
    facts.putAll(manifest.environment().values());
    for (int i = 0; i < manifest.notes().size(); i++) {
      facts.put("note " + (i + 1), manifest.notes().get(i));
    }
    return facts;
  }

  private static void fact(Html page, String name, String value) {
    page.open("tr").element("th", name, "scope", "row").element("td", value).close();
  }
}
