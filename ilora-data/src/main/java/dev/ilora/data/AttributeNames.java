package dev.ilora.data;

import java.util.Map;

/** Names of attributes, which head the columns of a data set's files. */
final class AttributeNames {
  private AttributeNames() {}

  /**
   * Refuses names that could not be read back from a header of {@code name:type} cells.
   *
   * @throws IllegalArgumentException for a blank name or one with a colon
   */
  static void require(Map<String, String> attributes) {
    for (String name : attributes.keySet()) {
      if (name.isBlank() || name.indexOf(':') >= 0) {
        throw new IllegalArgumentException(
            "a column is named '%s'; expected a name without a colon".formatted(name));
      }
    }
  }
}
