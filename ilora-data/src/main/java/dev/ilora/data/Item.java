package dev.ilora.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One item of the catalogue.
 *
 * @param id dense index, 0 .. items-1, the same number a recommender's embedding table uses
 * @param key id in the source files
 * @param title readable title, never blank
 * @param attributes further columns in their order, such as {@code genre -> "Comedy|Drama"} or
 *     {@code year -> "1995"}; several values are joined by {@code |}
 */
public record Item(int id, String key, String title, Map<String, String> attributes) {
  /** The attribute of what users called the item: known from what they did with it. */
  public static final String TAGS = "tags";

  /**
   * Copies the attributes; refuses a negative id, a blank key, a blank title, an attribute with a
   * blank name or a colon in it, and texts with half a character.
   */
  public Item {
    if (id < 0) {
      throw new IllegalArgumentException("item id must be at least 0, not " + id);
    }
    Keys.require("item", key);
    if (title.isBlank()) {
      throw new IllegalArgumentException("item " + key + " has a blank title");
    }
    Keys.requireWhole("the title of item " + key, title);
    AttributeNames.require(attributes);
    attributes.forEach(
        (name, value) -> Keys.requireWhole("column '%s' of item %s".formatted(name, key), value));
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }
}
