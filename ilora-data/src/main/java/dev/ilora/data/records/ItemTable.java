package dev.ilora.data.records;

import dev.ilora.Counted;
import dev.ilora.data.Item;
import dev.ilora.data.MissingTitles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Items being read: file order, unique keys, no blank titles. */
public final class ItemTable {
  private static final Pattern CONTROLS =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009F\\u2028\\u2029]+");

  private final List<Item> items = new ArrayList<>();
  // All keys, also those of items that were dropped.
  private final KeyIndex keys = new KeyIndex();
  private final MissingTitles missingTitles;
  private final boolean dropDuplicates;
  private final OtherTitles otherTitles = new OtherTitles();
  // By the number of the key: the id of its item, -1 if it was dropped, and where it was given.
  private int[] ids = new int[64];
  private long[] lines = new long[64];
  private int keysAsTitles;
  private int duplicates;
  private int spaced;
  private String firstSpaced = "";

  /** An empty table that refuses items without a title and items given twice. */
  public ItemTable() {
    this(MissingTitles.REFUSE, false);
  }

  /**
   * An empty table.
   *
   * @param dropDuplicates whether the first one of an item given twice stands
   */
  public ItemTable(MissingTitles missingTitles, boolean dropDuplicates) {
    this.missingTitles = missingTitles;
    this.dropDuplicates = dropDuplicates;
  }

  /**
   * Adds an item. White space around key and title is left out, control characters in the title
   * become a space.
   *
   * @param line where it is given; 0 where that is not known
   * @throws IllegalArgumentException for a key given twice unless those are dropped, one that
   *     cannot be one, and for a blank title unless those are dropped or replaced
   */
  public void add(String key, String title, Map<String, String> attributes, long line) {
    String cleanKey = key.strip();
    int known = keys.find(Slice.of(cleanKey));
    if (known >= 0) {
      addAgain(known, title, line);
      return;
    }
    String cleanTitle = cleanTitle(title);
    if (cleanTitle.isEmpty() && missingTitles == MissingTitles.DROP) {
      register(cleanKey, -1, line);
      return;
    }
    String kept = cleanTitle.isEmpty() ? withoutTitle(cleanKey) : cleanTitle;
    items.add(new Item(items.size(), cleanKey, kept, attributes));
    register(cleanKey, items.size() - 1, line);
    if (!cleanTitle.equals(title.strip())) {
      firstSpaced = spaced == 0 ? cleanKey : firstSpaced;
      spaced++;
    }
  }

  private void register(String key, int id, long line) {
    int number = keys.add(Slice.of(key));
    if (number == ids.length) {
      ids = Arrays.copyOf(ids, 2 * number);
      lines = Arrays.copyOf(lines, 2 * number);
    }
    ids[number] = id;
    lines[number] = line;
  }

  private void addAgain(int number, String title, long line) {
    if (!dropDuplicates) {
      throw new IllegalArgumentException(
          "item '%s' is given twice, first in line %s; --drop-duplicates keeps the first one"
              .formatted(keys.key(number), lines[number]));
    }
    duplicates++;
    if (ids[number] >= 0) {
      seeTitle(ids[number], title, line);
    }
  }

  /** Looks at the title of a later record of an item: another one than the first is remarked. */
  public void seeTitle(int id, CharSequence title, long line) {
    otherTitles.see(line, items.get(id), title);
  }

  /** A title as it is kept: on one line, without white space around it. */
  static String cleanTitle(String title) {
    return CONTROLS.matcher(title).replaceAll(" ").strip();
  }

  private String withoutTitle(String key) {
    if (missingTitles == MissingTitles.REFUSE) {
      throw new IllegalArgumentException(
          "item '%s' has no title; --missing-titles key takes its key, --missing-titles drop leaves it out"
              .formatted(key));
    }
    keysAsTitles++;
    return key;
  }

  /** The id of a key, or -1. */
  public int id(Slice key) {
    int number = keys.find(key);
    return number < 0 ? -1 : ids[number];
  }

  /** Whether an item was dropped for having no title. */
  public boolean isDropped(Slice key) {
    int number = keys.find(key);
    return number >= 0 && ids[number] < 0;
  }

  /** What was dropped and changed, and what is odd, as notes of the provenance. */
  public Map<String, String> notes() {
    Map<String, String> notes = new LinkedHashMap<>();
    put(notes, "dropped_untitled_items", keys.size() - items.size());
    put(notes, "dropped_duplicate_items", duplicates);
    put(notes, "keys_as_titles", keysAsTitles);
    otherTitles.remark().ifPresent(remark -> notes.put("other_titles", remark));
    if (spaced > 0) {
      notes.put(
          "spaced_titles",
          "%s had control characters or line breaks, which are spaces now; the first: that of item %s"
              .formatted(Counted.of(spaced, "title"), firstSpaced));
    }
    LookAlikes.remark(keys).ifPresent(remark -> notes.put("look_alike_items", remark));
    return notes;
  }

  private static void put(Map<String, String> notes, String note, int count) {
    if (count > 0) {
      notes.put(note, Integer.toString(count));
    }
  }

  public List<Item> items() {
    return items;
  }

  public int size() {
    return items.size();
  }
}
