package dev.ilora.data.ingest;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which columns of a table hold what, where the user says so. Others are recognised by their names.
 *
 * @param named the columns that were named, which must then be there; a blank name leaves a role
 *     without a column
 */
public record Columns(Map<Role, String> named) {
  /**
   * What a column holds. The names are those by which it is recognised, the first before others.
   */
  public enum Role {
    /** The user of an interaction. */
    USER(
        "user",
        "userid",
        "uid",
        "userkey",
        "customer",
        "customerid",
        "reviewerid",
        "visitorid",
        "memberid",
        "accountid",
        "clientid",
        "personid",
        "playerid",
        "userindex",
        "sessionid",
        "username",
        "reviewer",
        "visitor",
        "member",
        "account",
        "client",
        "person",
        "session",
        "u"),
    /** The item of an interaction. */
    ITEM(
        "item",
        "itemid",
        "iid",
        "itemkey",
        "product",
        "productid",
        "movie",
        "movieid",
        "asin",
        "parentasin",
        "article",
        "articleid",
        "track",
        "trackid",
        "artist",
        "artistid",
        "song",
        "songid",
        "book",
        "bookid",
        "isbn",
        "game",
        "gameid",
        "app",
        "appid",
        "video",
        "videoid",
        "news",
        "newsid",
        "business",
        "businessid",
        "recipeid",
        "anime",
        "animeid",
        "sku",
        "contentid",
        "itemindex",
        "i"),
    /** The rating of an interaction, which a table need not have. */
    RATING("rating", "ratings", "score", "stars", "star", "overall", "preference", "rate"),
    /** The time of an interaction, which a table need not have. */
    TIME(
        "time",
        "timestamp",
        "ts",
        "datetime",
        "date",
        "unixtime",
        "unixreviewtime",
        "eventtime",
        "reviewtime",
        "timestampms",
        "timems",
        "createdat",
        "createtime",
        "created",
        "ratedat",
        "reviewdate",
        "eventdate",
        "orderdate",
        "purchasedate",
        "when"),
    /** The part an interaction belongs to: train, valid or test. */
    SPLIT("split", "subset", "part"),
    /** The item in the table of items. */
    KEY("key", "id"),
    /** The title in the table of items. */
    TITLE(
        "title",
        "itemtitle",
        "itemname",
        "producttitle",
        "productname",
        "movietitle",
        "moviename",
        "trackname",
        "artistname",
        "songname",
        "booktitle",
        "appname",
        "gametitle",
        "gamename",
        "name"),
    /** The categories in the table of items, kept as the attribute {@code categories}. */
    CATEGORIES("categories");

    private final List<String> names;

    Role(String... names) {
      this.names = List.of(names);
    }

    /** The role as options give it. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The names it is recognised by, without case, accents and signs; the most usual first. */
    List<String> names() {
      return names;
    }
  }

  /** All columns are recognised by their names. */
  public static final Columns USUAL = new Columns(Map.of());

  /** Copies the map. */
  public Columns {
    named = Map.copyOf(named);
  }

  /**
   * Reads {@code user=userId,item=movieId,time=ts,key=movieId,title=name}.
   *
   * @throws IllegalArgumentException for another form, an unknown left side, or one given twice,
   *     listing the choices
   */
  public static Columns parse(String text) {
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
      if (named.put(role, pair.substring(at + 1).strip()) != null) {
        throw new IllegalArgumentException("column mapping gives %s twice".formatted(role.label()));
      }
    }
    return new Columns(named);
  }

  private static String choices() {
    return Arrays.stream(Role.values()).map(Role::label).collect(Collectors.joining(", "));
  }
}
