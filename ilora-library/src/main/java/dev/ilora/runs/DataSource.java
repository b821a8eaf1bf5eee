package dev.ilora.runs;

import java.util.Objects;

/**
 * The data set of a run, told apart from others by more than its name, which its owner chose.
 *
 * @param name name of the data set
 * @param hash content hash
 * @param users number of users
 * @param items number of items
 * @param order what each user's items are ordered by, as the import recorded it: {@code time},
 *     {@code file} or {@code item}
 */
public record DataSource(String name, String hash, int users, int items, String order) {
  /** Checks that the texts are there. */
  public DataSource {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(hash, "hash");
    Objects.requireNonNull(order, "order");
  }
}
