package dev.ilora.data.ingest;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which columns of {@code interactions.csv} and {@code items.csv}, or of atomic files, hold what.
 *
 * @param named the columns that were named, which must then be there; for others a format has its
 *     usual names
 */
public record CsvColumns(Map<Role, String> named) {
  /** What a column holds. */
  public enum Role {
    /** The user of an interaction. */
    USER,
    /** The item of an interaction. */
    ITEM,
    /** The rating of an interaction, which a file need not have. */
    RATING,
    /** Seconds since 1970, or an ISO date or instant, which a file need not have. */
    TIME,
    /** The item in the item file. */
    KEY,
    /** The title in the item file. */
    TITLE;

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The usual columns. */
  public static final CsvColumns USUAL = new CsvColumns(Map.of());

  /** Copies the map. */
  public CsvColumns {
    named = Map.copyOf(named);
  }

  /**
   * Reads {@code user=userId,item=movieId,time=ts,key=movieId,title=name}.
   *
   * @throws IllegalArgumentException for another form or an unknown left side, listing the choices
   */
  public static CsvColumns parse(String text) {
    Map<Role, String> named = new EnumMap<>(Role.class);
    for (String pair : text.split(",")) {
      int at = pair.indexOf('=');
      String name = at < 0 ? "" : pair.substring(0, at).strip().toLowerCase(Locale.ROOT);
      Role role =
          Arrays.stream(Role.values())
              .filter(one -> one.label().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "cannot read column mapping '%s'; expected NAME=COLUMN, NAME one of %s"
                              .formatted(pair, choices())));
      named.put(role, pair.substring(at + 1).strip());
    }
    return new CsvColumns(named);
  }

  private static String choices() {
    return Arrays.stream(Role.values()).map(Role::label).collect(Collectors.joining(", "));
  }

  /** The column named for a role, or the usual one. */
  String of(Role role, String usual) {
    return named.getOrDefault(role, usual);
  }

  /** Whether a column was named for a role. */
  boolean names(Role role) {
    return named.containsKey(role);
  }
}
