package dev.ilora.report;

import dev.ilora.runs.Cost;
import dev.ilora.runs.Phase;
import dev.ilora.runs.Run;
import dev.ilora.runs.RunRecord;
import java.nio.file.Files;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Where each run's figures come from. */
final class ProvenanceSection {
  private ProvenanceSection() {}

  static void write(Html page, List<Run> runs) {
    page.open("section").element("h2", "Provenance");
    runs.forEach(run -> run(page, run));
    page.close();
  }

  private static void run(Html page, Run run) {
    page.open("details").open("summary").text(run.title());
    page.element("span", " " + run.folder().path(), "class", "small").close();
    page.open("div", "class", "wide").open("table", "class", "facts");
    page.element("caption", "Where " + run.title() + " comes from").open("tbody");
    facts(run.record()).forEach((name, value) -> fact(page, name, value));
    page.close().close().close();
    if (Files.exists(run.folder().recipeFile())) {
      page.element("h3", "Recipe").element("pre", run.folder().recipe());
    }
    page.close();
  }

  private static Map<String, String> facts(RunRecord record) {
    Map<String, String> facts = new LinkedHashMap<>();
    RunRecord.Inputs inputs = record.inputs();
    facts.put("data set", inputs.data().name() + " " + inputs.data().hash());
    facts.put("candidates", inputs.candidatesHash().orElse("–"));
    facts.put("base model", inputs.baseModelHash().orElse("–"));
    facts.put("started", record.identity().started().toString());
    facts.put("finished", record.result().finished().map(Instant::toString).orElse("–"));
    facts.put(
        "seconds",
        record.costs().entrySet().stream()
            .map(cost -> seconds(cost.getKey(), cost.getValue()))
            .collect(Collectors.joining(", ")));
    facts.putAll(record.identity().environment().values());
    List<String> notes = record.result().notes();
    for (int i = 0; i < notes.size(); i++) {
      facts.put("note " + (i + 1), notes.get(i));
    }
    return facts;
  }

  private static String seconds(Phase phase, Cost cost) {
    String name = phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return String.format(Locale.ROOT, "%s %.1f", name, cost.seconds());
  }

  private static void fact(Html page, String name, String value) {
    page.open("tr").element("th", name, "scope", "row").element("td", value).close();
  }
}
