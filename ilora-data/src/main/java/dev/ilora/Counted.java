package dev.ilora;

import java.util.Locale;

/** Numbers of things in words. */
public final class Counted {
  private Counted() {}

  /**
   * Such as {@code 1 item} or {@code 1,682 items}.
   *
   * @param one the word for one thing, whose plural ends with s
   */
  public static String of(long count, String one) {
    return String.format(Locale.ROOT, "%,d %s%s", count, one, count == 1 ? "" : "s");
  }

  /** The size of a data set, such as {@code 943 users, 1,682 items, 100,000 interactions}. */
  public static String data(long users, long items, long interactions) {
    return String.join(", ", of(users, "user"), of(items, "item"), of(interactions, "interaction"));
  }
}
