package dev.ilora.data.records;

import dev.ilora.data.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Items being read: file order, unique keys, no blank titles. */
public final class ItemTable {
  private final List<Item> items = new ArrayList<>();
  private final KeyIndex ids = new KeyIndex();

  /**
   * Adds an item.
   *
   * @throws IllegalArgumentException for a key given twice, a blank key or a blank title
   */
  public void add(String key, String title, Map<String, String> attributes) {
    String cleanKey = key.strip();
    String cleanTitle = title.strip().replaceAll("[\\t\\r\\n]+", " ");
    if (cleanTitle.isEmpty()) {
      throw new IllegalArgumentException("item " + cleanKey + " has no title");
    }
    Item item = new Item(items.size(), cleanKey, cleanTitle, attributes);
    if (ids.add(Slice.of(cleanKey)) < items.size()) {
      throw new IllegalArgumentException("item " + cleanKey + " is given twice");
    }
    items.add(item);
  }

  /** The id of a key, or -1. */
  public int id(Slice key) {
    return ids.find(key);
  }

  public List<Item> items() {
    return items;
  }

  public int size() {
    return items.size();
  }
}
