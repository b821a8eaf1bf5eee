package dev.ilora.recommend;

/**
 * One item a model can recommend.
 *
 * @param key the owner's key, unique in a catalogue
 * @param title readable title; several items may share one
 */
public record CatalogueItem(String key, String title) {
  /** Refuses a blank key or title. */
  public CatalogueItem {
    if (key.isBlank()) {
      throw new IllegalArgumentException("an item's key is blank (title '" + title + "')");
    }
    if (title.isBlank()) {
      throw new IllegalArgumentException("item " + key + " has a blank title");
    }
  }
}
