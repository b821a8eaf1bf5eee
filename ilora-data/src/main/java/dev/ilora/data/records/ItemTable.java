package dev.ilora.data.records;

import dev.ilora.data.Item;
import dev.ilora.data.MissingTitles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Items being read: file order, unique keys, no blank titles. */
public final class ItemTable {
  private static final Pattern CONTROLS =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009F\\u2028\\u2029]+");

  private final List<Item> items = new ArrayList<>();
  private final KeyIndex ids = new KeyIndex();
  private final KeyIndex dropped = new KeyIndex();
  private final MissingTitles missingTitles;
  private int keysAsTitles;

  /** An empty table that refuses items without a title. */
  public ItemTable() {
    this(MissingTitles.REFUSE);
  }

  /** An empty table. */
  public ItemTable(MissingTitles missingTitles) {
    this.missingTitles = missingTitles;
  }

  /**
   * Adds an item. White space around key and title is left out, control characters in the title
   * become a space.
   *
   * @throws IllegalArgumentException for a key given twice or that cannot be one, and for a blank
   *     title unless those are dropped or replaced
   */
  public void add(String key, String title, Map<String, String> attributes) {
    String cleanKey = key.strip();
    String cleanTitle = cleanTitle(title);
    if (ids.find(Slice.of(cleanKey)) >= 0 || dropped.find(Slice.of(cleanKey)) >= 0) {
      throw new IllegalArgumentException("item " + cleanKey + " is given twice");
    }
    if (cleanTitle.isEmpty()) {
      if (missingTitles == MissingTitles.DROP) {
        dropped.add(Slice.of(cleanKey));
        return;
      }
      cleanTitle = withoutTitle(cleanKey);
    }
    items.add(new Item(items.size(), cleanKey, cleanTitle, attributes));
    ids.add(Slice.of(cleanKey));
  }

  /** A title as it is kept: on one line, without white space around it. */
  public static String cleanTitle(String title) {
    return CONTROLS.matcher(title).replaceAll(" ").strip();
  }

  private String withoutTitle(String key) {
    if (missingTitles == MissingTitles.REFUSE) {
      throw new IllegalArgumentException(
          "item %s has no title; --missing-titles key takes its key, --missing-titles drop leaves it out"
              .formatted(key));
    }
    keysAsTitles++;
    return key;
  }

  /** The id of a key, or -1. */
  public int id(Slice key) {
    return ids.find(key);
  }

  /** Whether an item was dropped for having no title. */
  public boolean isDropped(Slice key) {
    return dropped.find(key) >= 0;
  }

  /** The number of items dropped for having no title. */
  public int droppedCount() {
    return dropped.size();
  }

  /** The number of items whose key stands for the title. */
  public int keysAsTitles() {
    return keysAsTitles;
  }

  public List<Item> items() {
    return items;
  }

  public int size() {
    return items.size();
  }
}
