package dev.ilora.cli;

import dev.ilora.Counted;
import dev.ilora.recommend.Choice;
import dev.ilora.recommend.Explanation;
import dev.ilora.recommend.Ranking;
import dev.ilora.recommend.Recommender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A ranking as text and as JSON. */
record RankingText(Recommender model, Ranking ranking) {
  private static final int LONGEST = 80;

  void print(Terminal terminal) {
    Explanation why = ranking.explanation();
    terminal.line(headline(why));
    int width =
        ranking.choices().stream().mapToInt(c -> cut(c.item().title()).length()).max().orElse(5);
    int keyWidth =
        ranking.choices().stream().mapToInt(c -> cut(c.item().key()).length()).max().orElse(3);
    String row =
        "%4d  %-" + Math.max(3, keyWidth) + "s  %-" + Math.max(5, width) + "s  %10.4f  %5.1f %%";
    for (Choice choice : ranking) {
      terminal.line(
          String.format(
              Locale.ROOT,
              row,
              choice.rank(),
              cut(choice.item().key()),
              cut(choice.item().title()),
              choice.score(),
              100 * choice.share()));
    }
    if (!why.expertWeights().isEmpty()) {
      terminal.line(
          "Weights that the gate gives the experts (low-rank adapters) for this history: "
              + why.expertWeights().stream()
                  .map(weight -> String.format(Locale.ROOT, "%.3f", weight))
                  .collect(Collectors.joining("  ")));
    }
    if (why.titlesCut() > 0) {
      terminal.remark(
          why.titlesCut() + " titles were cut short or left out to fit the model's context");
    }
    terminal.json(json());
  }

  /** A text short enough for a line of a terminal; JSON has it whole. */
  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST - 1)) + "\u2026";
  }

  private String headline(Explanation why) {
    String among =
        why.shortlistedBy()
            .map(
                by ->
                    "a shortlist of %d of %d items by %s"
                        .formatted(why.candidates(), model.catalogue().size(), by))
            .orElseGet(() -> Counted.of(why.candidates(), "candidate"));
    return "%s among %s: rank, key, title, %s, share"
        .formatted(model.card().name(), among, why.score());
  }

  private Map<String, Object> json() {
    Explanation why = ranking.explanation();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", model.card().name());
    json.put("score", why.score());
    json.put("candidates", why.candidates());
    why.shortlistedBy().ifPresent(by -> json.put("shortlistedBy", by));
    json.put("historyUsed", why.historyUsed());
    json.put("titlesCut", why.titlesCut());
    List<Map<String, Object>> choices = new ArrayList<>();
    for (Choice choice : ranking) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("rank", choice.rank());
      one.put("key", choice.item().key());
      one.put("title", choice.item().title());
      one.put("score", choice.score());
      one.put("share", choice.share());
      choices.add(one);
    }
    json.put("recommendations", choices);
    if (!why.expertWeights().isEmpty()) {
      json.put("expertWeights", why.expertWeights());
    }
    return json;
  }
}
