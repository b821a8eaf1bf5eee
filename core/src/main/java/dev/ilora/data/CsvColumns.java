package dev.ilora.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which columns of {@code interactions.csv} and {@code items.csv}, or of atomic files, hold what. A
 * column left at its default here has RecBole's usual name in atomic files.
 *
 * @param user user of an interaction
 * @param item item of an interaction
 * @param rating rating; may be absent from the file if left at its default
 * @param time seconds since 1970, or an ISO date or instant; may be absent from the file if left at
 *     its default
 * @param key item of the item file
 * @param title title in the item file
 */
public record CsvColumns(
    String user, String item, String rating, String time, String key, String title) {
  /** {@code user, item, rating, time} and {@code item, title}. */
  public static final CsvColumns DEFAULT =
      new CsvColumns("user", "item", "rating", "time", "item", "title");

  private static final List<String> NAMES =
      List.of("user", "item", "rating", "time", "key", "title");

  /**
   * Reads {@code user=userId,item=movieId,time=ts,key=movieId,title=name}; what is not named keeps
   * its default.
   *
   * @throws IllegalArgumentException for another form or an unknown left side, listing the choices
   */
  public static CsvColumns parse(String text) {
    Map<String, String> given = new LinkedHashMap<>();
    for (String pair : text.split(",")) {
      int at = pair.indexOf('=');
      String name = at < 0 ? "" : pair.substring(0, at).strip().toLowerCase(Locale.ROOT);
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "cannot read column mapping '%s'; expected NAME=COLUMN, NAME one of %s"
                .formatted(pair, String.join(", ", NAMES)));
      }
      given.put(name, pair.substring(at + 1).strip());
    }
    return new CsvColumns(
        given.getOrDefault("user", DEFAULT.user),
        given.getOrDefault("item", DEFAULT.item),
        given.getOrDefault("rating", DEFAULT.rating),
        given.getOrDefault("time", DEFAULT.time),
        given.getOrDefault("key", DEFAULT.key),
        given.getOrDefault("title", DEFAULT.title));
  }
}
