package dev.ilora.cli;

import dev.ilora.Counted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an import recognised, chose and dropped, in words. */
final class ImportRemarks {
  private static final Map<String, Dropped> DROPPED = new LinkedHashMap<>();

  // What each is about, where its words do not say it.
  private static final Map<String, String> WARNINGS = new LinkedHashMap<>();

  /** What an import leaves out: the word for one of them, and which. */
  private record Dropped(String one, String which) {}

  static {
    DROPPED.put("dropped_low_ratings", new Dropped("interaction", " with a lower rating"));
    DROPPED.put(
        "dropped_unknown_items", new Dropped("interaction", " of items that the item file lacks"));
    DROPPED.put("dropped_untitled_items", new Dropped("item", " without a title"));
    DROPPED.put(
        "dropped_of_untitled_items", new Dropped("interaction", " of items without a title"));
    DROPPED.put("dropped_duplicate_items", new Dropped("line", " of an item that is given before"));
    DROPPED.put("dropped_duplicates", new Dropped("duplicate interaction", ""));
    for (String note :
        List.of("unused_time", "odd_times", "rounded_times", "other_titles", "spaced_titles")) {
      WARNINGS.put(note, "");
    }
    WARNINGS.put("look_alike_users", "users: ");
    WARNINGS.put("look_alike_items", "items: ");
  }

  private ImportRemarks() {}

  /** The remarks on an import, from its provenance. */
  static List<String> of(Map<String, String> provenance) {
    List<String> remarks = new ArrayList<>();
    for (String table : List.of("items", "interactions")) {
      if (provenance.containsKey(table)) {
        remarks.add("columns of " + provenance.get(table));
      }
    }
    unused(provenance, remarks);
    if (provenance.containsKey("times")) {
      remarks.add("times: " + provenance.get("times"));
    } else if ("file".equals(provenance.get("order"))) {
      remarks.add("no times: each user's interactions stay in the order of the file");
    }
    DROPPED.forEach(
        (key, what) -> {
          long count = Long.parseLong(provenance.getOrDefault(key, "0"));
          if (count > 0) {
            remarks.add("dropped: " + Counted.of(count, what.one()) + what.which());
          }
        });
    if (provenance.containsKey("keys_as_titles")) {
      remarks.add("%s items have their key as title".formatted(provenance.get("keys_as_titles")));
    }
    ties(provenance, remarks);
    return remarks;
  }

  private static void unused(Map<String, String> provenance, List<String> remarks) {
    for (String table : List.of("item", "interaction")) {
      if (provenance.containsKey(table + "_alternatives")) {
        remarks.add(
            "columns that could be meant instead (--columns): "
                + provenance.get(table + "_alternatives"));
      }
    }
    WARNINGS.forEach(
        (key, about) -> {
          if (provenance.containsKey(key)) {
            remarks.add("warning: " + about + provenance.get(key));
          }
        });
    if (provenance.containsKey("split_against_time")) {
      remarks.add(
          "warning: %s with interactions of training later than those of validation or test; training stands first, so these sequences are not in the order of time"
              .formatted(Counted.of(Long.parseLong(provenance.get("split_against_time")), "user")));
    }
    if (provenance.containsKey("unused_files")) {
      remarks.add("files not used: " + provenance.get("unused_files"));
    }
    if (provenance.containsKey("titles")) {
      remarks.add("titles: " + provenance.get("titles"));
    }
  }

  private static void ties(Map<String, String> provenance, List<String> remarks) {
    double tied = Double.parseDouble(provenance.getOrDefault("tied_neighbours", "0"));
    String rule = provenance.getOrDefault("ties", "");
    if (tied >= 0.01 && "time".equals(provenance.get("order"))) {
      String decided =
          rule.startsWith("random") ? "drawn by lot" : "decided by the rule '" + rule + "'";
      remarks.add(
          "ties: %.0f %% of a user's neighbours have the same time; their order is %s (--ties)"
              .formatted(100 * tied, decided));
    }
  }
}
