package dev.ilora.text;

import dev.ilora.data.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the attributes of a catalogue's items say, as words: which items hold each value.
 *
 * <p>An attribute whose values are nearly all different (an address, a raw title) says nothing
 * about similarity and is left out. Four-digit years also give decades.
 */
final class ItemAttributes {
  /**
   * One value of one attribute.
   *
   * @param before words before the noun, with a space after, or empty: "Comedy "
   * @param after words after the noun, with a space before, or empty: " from 1995"
   * @param items ids of the items that hold it, ascending
   */
  record Value(String before, String after, int[] items) {
    String phrase(String noun) {
      return before + noun + after;
    }
  }

  private static final Set<String> ADJECTIVES =
      Set.of(
          "genre",
          "genres",
          "category",
          "categories",
          "mood",
          "moods",
          "tag",
          "tags",
          "style",
          "styles",
          "type");

  private final List<Value> values = new ArrayList<>();
  private final List<Value> initials = new ArrayList<>();
  private final int[][] valuesOf;
  private final int[] initialOf;

  ItemAttributes(List<Item> items) {
    Map<String, Map<String, TokenList>> holders = new LinkedHashMap<>();
    for (Item item : items) {
      item.attributes()
          .forEach(
              (name, text) ->
                  split(name, text)
                      .forEach(
                          (attribute, value) ->
                              value.forEach(one -> hold(holders, attribute, one, item.id()))));
    }
    holders.forEach((name, byValue) -> addAttribute(name, byValue, items.size()));
    valuesOf = index(values, items.size());
    Map<String, TokenList> letters = new TreeMap<>();
    for (Item item : items) {
      String letter = Character.toString(item.title().codePointAt(0));
      letters.computeIfAbsent(letter, absent -> new TokenList()).add(item.id());
    }
    letters.forEach(
        (letter, held) ->
            initials.add(new Value("", " that begins with " + letter, held.toArray())));
    initialOf = new int[items.size()];
    for (int i = 0; i < initials.size(); i++) {
      for (int item : initials.get(i).items) {
        initialOf[item] = i;
      }
    }
  }

  private static Map<String, Set<String>> split(String name, String text) {
    Set<String> parts = new LinkedHashSet<>();
    Set<String> decades = new LinkedHashSet<>();
    for (String part : text.split("\\|")) {
      String value = part.strip();
      if (!value.isEmpty()) {
        parts.add(value);
      }
      if (isYear(name, value)) {
        decades.add(value.substring(0, 3) + "0s");
      }
    }
    Map<String, Set<String>> attributes = new LinkedHashMap<>();
    attributes.put(name, parts);
    attributes.put(decadeOf(name), decades);
    return attributes;
  }

  private static String decadeOf(String name) {
    return name + " decade";
  }

  private static boolean isYear(String name, String value) {
    return name.toLowerCase(Locale.ROOT).endsWith("year") && value.matches("[12]\\d{3}");
  }

  private static void hold(
      Map<String, Map<String, TokenList>> holders, String attribute, String value, int item) {
    holders
        .computeIfAbsent(attribute, absent -> new TreeMap<>())
        .computeIfAbsent(value, absent -> new TokenList())
        .add(item);
  }

  private void addAttribute(String name, Map<String, TokenList> byValue, int itemCount) {
    if (2 * byValue.size() > itemCount) {
      return;
    }
    byValue.forEach((text, held) -> values.add(value(name, text, held.toArray())));
  }

  private static Value value(String name, String text, int[] items) {
    if (text.matches("[12]\\d\\d0s")) {
      return new Value("", " from the " + text, items);
    }
    if (isYear(name, text)) {
      return new Value("", " from " + text, items);
    }
    if (ADJECTIVES.contains(name)) {
      return new Value(text + " ", "", items);
    }
    return new Value("", " with " + name.replace('_', ' ') + " " + text, items);
  }

  private static int[][] index(List<Value> values, int itemCount) {
    Map<Integer, TokenList> held = new HashMap<>();
    for (int v = 0; v < values.size(); v++) {
      for (int item : values.get(v).items) {
        held.computeIfAbsent(item, absent -> new TokenList()).add(v);
      }
    }
    int[][] valuesOf = new int[itemCount][0];
    held.forEach((item, list) -> valuesOf[item] = list.toArray());
    return valuesOf;
  }

  /** All values of all attributes; empty where items have none. */
  List<Value> values() {
    return values;
  }

  /** The first letters of titles, one value each. */
  List<Value> initials() {
    return initials;
  }

  /** Indices into {@link #values} of what an item holds. */
  int[] of(int item) {
    return valuesOf[item];
  }

  /** Index into {@link #initials} of an item's first letter. */
  int initialOf(int item) {
    return initialOf[item];
  }

  boolean holds(int item, int value) {
    for (int held : valuesOf[item]) {
      if (held == value) {
        return true;
      }
    }
    return false;
  }

  /** Joins values into one phrase: "Comedy Drama movie from 1995". */
  String phrase(List<Value> of, String noun) {
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    for (Value value : of) {
      before.append(value.before);
      after.append(value.after);
    }
    return before + noun + after;
  }
}
