package dev.ilora.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Items and what users did with them, oldest first: the form everything else starts from.
 *
 * @param name short name, also of the files
 * @param items the catalogue; {@code items.get(i).id() == i}
 * @param users users in a fixed order
 * @param provenance where the data comes from and what was done to it: source, importer, options
 */
public record Dataset(
    String name, List<Item> items, List<UserSequence> users, Map<String, String> provenance) {
  /**
   * Refuses ids that are not dense, keys given twice, and sequences with items outside the list.
   */
  public Dataset {
    requireName(name);
    items = List.copyOf(items);
    users = List.copyOf(users);
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    checkItems(items);
    checkUsers(users, items.size());
  }

  /** The number of items. */
  public int itemCount() {
    return items.size();
  }

  /** The number of interactions of all users. */
  public long interactionCount() {
    return users.stream().mapToLong(UserSequence::length).sum();
  }

  /** The most different items that one user has. */
  public int mostItemsOfAUser() {
    return users.stream()
        .mapToInt(user -> (int) Arrays.stream(user.items()).distinct().count())
        .max()
        .orElse(0);
  }

  /** Titles by item id. */
  public List<String> titles() {
    return items.stream().map(Item::title).toList();
  }

  /** Users by their id in the source, a new map. */
  public Map<String, UserSequence> usersByKey() {
    Map<String, UserSequence> byKey = HashMap.newHashMap(users.size());
    users.forEach(u -> byKey.put(u.user(), u));
    return byKey;
  }

  /** True if every interaction has a time. */
  public boolean hasTimes() {
    return users.stream().allMatch(u -> u.times().length == u.length());
  }

  /** True if every interaction has a rating. */
  public boolean hasRatings() {
    return users.stream().allMatch(u -> u.ratings().length == u.length());
  }

  public static void requireName(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "dataset name must be letters, digits, '.', '_' or '-', not '" + name + "'");
    }
  }

  private static void checkItems(List<Item> items) {
    Set<String> keys = HashSet.newHashSet(items.size());
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      if (item.id() != i) {
        throw new IllegalArgumentException("item at index " + i + " has id " + item.id());
      }
      if (!keys.add(item.key())) {
        throw new IllegalArgumentException("item key " + item.key() + " is given twice");
      }
    }
  }

  private static void checkUsers(List<UserSequence> users, int itemCount) {
    Set<String> keys = HashSet.newHashSet(users.size());
    for (UserSequence user : users) {
      if (!keys.add(user.user())) {
        throw new IllegalArgumentException("user " + user.user() + " is given twice");
      }
      for (int item : user.items()) {
        if (item < 0 || item >= itemCount) {
          throw new IllegalArgumentException(
              "user %s has item %s, outside 0 .. %s".formatted(user.user(), item, itemCount - 1));
        }
      }
    }
  }
}
