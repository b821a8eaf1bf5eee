package dev.ilora.recommend;

import dev.ilora.config.NearestName;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The items a model knows, by the owner's keys and by title.
 *
 * <p>{@link #item} finds by key. {@link #find} finds by title: exactly, or else whatever the case,
 * or else without alternative titles in brackets. Letters with accents are the same however they
 * are encoded. A title that several items share is refused with their keys. Immutable; usable from
 * any thread.
 */
public final class Catalogue {
  private static final int SHORTEST_PART = 3;
  private static final int KEYS_SHOWN = 10;

  private final List<CatalogueItem> items;
  private final Map<String, Integer> byKey = new HashMap<>();
  private final Map<String, List<Integer>> byTitle = new HashMap<>();
  private final Map<String, List<Integer>> byLowerTitle = new HashMap<>();
  private final Map<String, List<Integer>> byMainTitle = new HashMap<>();

  /**
   * Takes items in the order of the model's own numbers.
   *
   * @throws IllegalArgumentException if there is none, or a key occurs twice
   */
  public Catalogue(List<CatalogueItem> items) {
    this.items = List.copyOf(items);
    if (this.items.isEmpty()) {
      throw new IllegalArgumentException("a catalogue needs at least one item");
    }
    for (int i = 0; i < this.items.size(); i++) {
      CatalogueItem item = this.items.get(i);
      Integer former = byKey.put(item.key(), i);
      if (former != null) {
        throw new IllegalArgumentException(
            "two items have the key %s: '%s' and '%s'"
                .formatted(item.key(), this.items.get(former).title(), item.title()));
      }
      put(byTitle, plain(item.title()), i);
      put(byLowerTitle, lower(item.title()), i);
      put(byMainTitle, lower(main(item.title())), i);
    }
  }

  private static void put(Map<String, List<Integer>> index, String title, int item) {
    index.computeIfAbsent(title, _ -> new ArrayList<>()).add(item);
  }

  /** The number of items. */
  public int size() {
    return items.size();
  }

  /** All items. */
  public List<CatalogueItem> items() {
    return items;
  }

  /**
   * Returns the item of a key.
   *
   * @throws IllegalArgumentException if there is none, with the nearest keys
   */
  public CatalogueItem item(String key) {
    Integer index = byKey.get(key);
    if (index == null) {
      throw new IllegalArgumentException(
          "no item has the key '%s'%s".formatted(key, meant(NearestName.of(key, byKey.keySet()))));
    }
    return items.get(index);
  }

  /** Returns the item of a key, if there is one. */
  public Optional<CatalogueItem> itemIfKnown(String key) {
    return Optional.ofNullable(byKey.get(key)).map(items::get);
  }

  /**
   * Returns the item of a title, or else the only one whose title differs in case, or else the only
   * one whose title without alternative titles in brackets it is.
   *
   * @throws IllegalArgumentException if there is none, with the nearest title, or if several items
   *     have it, with their keys
   */
  public CatalogueItem find(String title) {
    List<Integer> found = byTitle.getOrDefault(plain(title), List.of());
    if (found.isEmpty()) {
      found = byLowerTitle.getOrDefault(lower(title), List.of());
    }
    if (found.isEmpty()) {
      found = byMainTitle.getOrDefault(lower(title), List.of());
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "no item has the title '%s'%s".formatted(title.strip(), meant(near(title.strip()))));
    }
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          "%s items have the title '%s': name one by its key (%s)"
              .formatted(found.size(), title.strip(), keys(found)));
    }
    return items.get(found.getFirst());
  }

  /**
   * Reads {@code "key; key; ..."}. Spaces around a key do not count.
   *
   * @param option named in mistakes
   * @param mistakes a line is added for each unknown key
   * @return the items in the order written, without the unknown ones
   */
  public List<CatalogueItem> itemsOfKeys(String option, String list, List<String> mistakes) {
    List<CatalogueItem> found = new ArrayList<>();
    for (String part : list.split(";", -1)) {
      if (!part.isBlank()) {
        try {
          found.add(item(part.strip()));
        } catch (IllegalArgumentException e) {
          mistakes.add(option + ": " + e.getMessage() + separatorHint(part));
        }
      }
    }
    return found;
  }

  /** What helps whoever separated keys by commas. */
  private String separatorHint(String part) {
    return Arrays.stream(part.split(",", -1)).map(String::strip).anyMatch(byKey::containsKey)
        ? "; separate keys by semicolons"
        : "";
  }

  /**
   * Reads {@code "title; title; ..."}. A title may itself contain semicolons: the longest title
   * that can be read is.
   *
   * @param option named in mistakes
   * @param mistakes a line is added for each unknown or ambiguous title
   * @return the items in the order written, without those
   */
  public List<CatalogueItem> itemsOfTitles(String option, String list, List<String> mistakes) {
    List<String> parts = Arrays.asList(list.split(";", -1));
    List<CatalogueItem> found = new ArrayList<>();
    int from = 0;
    while (from < parts.size()) {
      int to = parts.size();
      while (to > from + 1 && !isTitle(String.join(";", parts.subList(from, to)))) {
        to--;
      }
      String title = String.join(";", parts.subList(from, to));
      if (!title.isBlank()) {
        try {
          found.add(find(title));
        } catch (IllegalArgumentException e) {
          mistakes.add(option + ": " + e.getMessage());
        }
      }
      from = to;
    }
    return found;
  }

  private boolean isTitle(String written) {
    return byLowerTitle.containsKey(lower(written)) || byMainTitle.containsKey(lower(written));
  }

  /** The model's own number of an item. */
  int index(CatalogueItem item) {
    Integer index = byKey.get(item.key());
    if (index == null || !items.get(index).equals(item)) {
      throw new IllegalArgumentException(
          "item '%s' (key %s) is not in this catalogue".formatted(item.title(), item.key()));
    }
    return index;
  }

  /** Titles by the model's own numbers. */
  List<String> titles() {
    return items.stream().map(CatalogueItem::title).toList();
  }

  /** The title nearest by edit distance, or else the first that contains what was written. */
  private Optional<String> near(String written) {
    List<String> titles = titles();
    return NearestName.of(written, titles)
        .or(
            () ->
                titles.stream()
                    .filter(title -> written.length() >= SHORTEST_PART)
                    .filter(title -> lower(title).contains(lower(written)))
                    .findFirst());
  }

  private static String meant(Optional<String> near) {
    return near.map(name -> "; did you mean '" + name + "'?").orElse("");
  }

  private String keys(List<Integer> found) {
    String shown =
        found.stream()
            .limit(KEYS_SHOWN)
            .map(i -> items.get(i).key())
            .collect(Collectors.joining(", "));
    return found.size() > KEYS_SHOWN ? shown + ", ..." : shown;
  }

  private static String lower(String title) {
    return plain(title).toLowerCase(Locale.ROOT);
  }

  /** A title in Unicode's composed form. */
  private static String plain(String title) {
    return Normalizer.normalize(title, Normalizer.Form.NFC).strip();
  }

  /** A title up to the first bracket: "Drum" of "Drum (Trommel)". */
  private static String main(String title) {
    int bracket = title.indexOf(" (");
    return bracket < 1 ? title : title.substring(0, bracket);
  }
}
