package dev.ilora.experiment;

import dev.ilora.config.NearestName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds items by the titles a user writes: exactly, or else whatever the case. Of items that share
 * a title the one with the smallest id is meant.
 */
public final class TitleIndex {
  private static final int SHORTEST_PART = 3;

  private final List<String> titles;
  private final Map<String, Integer> exact = new HashMap<>();
  private final Map<String, Integer> anyCase = new HashMap<>();

  /**
   * @param titles title of each item id
   */
  public TitleIndex(List<String> titles) {
    this.titles = List.copyOf(titles);
    for (int item = 0; item < titles.size(); item++) {
      exact.putIfAbsent(titles.get(item).strip(), item);
      anyCase.putIfAbsent(lower(titles.get(item)), item);
    }
  }

  /** The titles by item id. */
  public List<String> titles() {
    return titles;
  }

  /**
   * Reads {@code "title; title; ..."}. A title may itself contain semicolons: the longest title
   * that can be read is.
   *
   * @param option named in mistakes
   * @param mistakes a line is added for each unknown title, with the nearest known one
   * @return the items, in the order written, without the unknown ones
   */
  public int[] items(String option, String list, List<String> mistakes) {
    List<String> parts = Arrays.asList(list.split(";", -1));
    List<Integer> items = new ArrayList<>();
    int from = 0;
    while (from < parts.size()) {
      int to = parts.size();
      Optional<Integer> item = item(String.join(";", parts.subList(from, to)));
      while (item.isEmpty() && to > from + 1) {
        to--;
        item = item(String.join(";", parts.subList(from, to)));
      }
      item.ifPresent(items::add);
      String part = parts.get(from).strip();
      if (item.isEmpty() && !part.isEmpty()) {
        mistakes.add(
            option
                + ": no item has the title '"
                + part
                + "'"
                + near(part).map(title -> "; did you mean '" + title + "'?").orElse(""));
      }
      from = to;
    }
    return items.stream().mapToInt(Integer::intValue).toArray();
  }

  private Optional<Integer> item(String written) {
    Integer item = exact.get(written.strip());
    return Optional.ofNullable(item != null ? item : anyCase.get(lower(written)));
  }

  /** The title nearest by edit distance, or else the first that contains what was written. */
  private Optional<String> near(String written) {
    return NearestName.of(written, titles)
        .or(
            () ->
                titles.stream()
                    .filter(title -> written.length() >= SHORTEST_PART)
                    .filter(title -> lower(title).contains(lower(written)))
                    .findFirst());
  }

  private static String lower(String title) {
    return title.strip().toLowerCase(Locale.ROOT);
  }
}
