package dev.ilora.synthetic;

import dev.ilora.data.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The titles of a catalogue and what is known of its items, to accustom a model to them without
 * telling it about users.
 */
public final class CatalogueTitles implements TitleSource {
  private final List<String> titles;
  private final Map<String, List<String>> values;

  private CatalogueTitles(Map<String, List<String>> values) {
    this.values = values;
    this.titles = List.copyOf(values.keySet());
    if (titles.size() < GeneratedWorld.ITEMS) {
      throw new IllegalArgumentException(
          "expected at least %s different titles, got %s"
              .formatted(GeneratedWorld.ITEMS, titles.size()));
    }
  }

  /**
   * Titles alone.
   *
   * @param titles at least {@link GeneratedWorld#ITEMS} different ones
   * @throws IllegalArgumentException if there are fewer
   */
  public static CatalogueTitles of(List<String> titles) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    titles.forEach(title -> values.put(title, List.of()));
    return new CatalogueTitles(values);
  }

  /**
   * The titles of items, and their attributes' values, but {@link Item#TAGS}, which come from what
   * users did; items of one title share theirs.
   *
   * @throws IllegalArgumentException if there are fewer than {@link GeneratedWorld#ITEMS} different
   *     titles
   */
  public static CatalogueTitles ofItems(List<Item> items) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Item item : items) {
      List<String> known = values.computeIfAbsent(item.title(), _ -> new ArrayList<>());
      item.attributes()
          .forEach(
              (name, attribute) -> {
                if (!name.equals(Item.TAGS)) {
                  addValues(attribute, known);
                }
              });
    }
    return new CatalogueTitles(values);
  }

  private static void addValues(String attribute, List<String> known) {
    for (String value : attribute.split("\\|")) {
      if (!value.isBlank() && value.indexOf('\n') < 0) {
        known.add(value.strip());
      }
    }
  }

  @Override
  public String draw(RandomGenerator random) {
    return titles.get(random.nextInt(titles.size()));
  }

  @Override
  public String brief(RandomGenerator random) {
    return draw(random);
  }

  @Override
  public String word(RandomGenerator random) {
    String[] words = draw(random).split(" ");
    return words[random.nextInt(words.length)];
  }

  @Override
  public Optional<String> value(String title, RandomGenerator random) {
    List<String> known = values.get(title);
    return known.isEmpty()
        ? Optional.empty()
        : Optional.of(known.get(random.nextInt(known.size())));
  }

  @Override
  public boolean inventive() {
    return false;
  }

  @Override
  public String with(String word, RandomGenerator random) {
    throw new IllegalStateException("a catalogue's titles are given");
  }

  @Override
  public String beginning(String word, RandomGenerator random) {
    throw new IllegalStateException("a catalogue's titles are given");
  }
}
