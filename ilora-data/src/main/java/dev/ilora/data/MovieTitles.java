package dev.ilora.data;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the titles of MovieLens, such as "Usual Suspects, The (1995)", are made readable. */
public enum MovieTitles {
  /**
   * Year removed, and trailing articles of many languages moved to the front, also those of
   * alternative titles in brackets: {@code Tin Drum, The (Blechtrommel, Die) (1979)} becomes {@code
   * The Tin Drum (Die Blechtrommel)}.
   */
  CLEAN {
    @Override
    public String of(String raw) {
      String title = YEAR.matcher(raw.strip()).replaceFirst("").strip();
      int bracket = title.indexOf(" (");
      String main = bracket < 0 ? title : title.substring(0, bracket);
      String rest = bracket < 0 ? "" : title.substring(bracket);
      String others =
          BRACKET
              .matcher(rest)
              .replaceAll(
                  found ->
                      Matcher.quoteReplacement(
                          "("
                              + Objects.toString(found.group(1), "")
                              + articleFirst(found.group(2))
                              + ")"));
      return articleFirst(main) + others;
    }
  },
  /**
   * The papers' rule, mistakes included: the last 7 characters cut off, then ", The" or a trailing
   * ", A" removed and put in front (of ", An" an n stays behind). A title it leaves blank stays as
   * it is.
   */
  PAPERS {
    @Override
    public String of(String raw) {
      String title = raw.length() >= 7 ? raw.substring(0, raw.length() - 7) : "";
      if (title.contains(", The")) {
        title = "The " + title.replace(", The", "");
      } else if (title.endsWith(", A") || title.endsWith(", An")) {
        title = "A " + title.replace(", A", "");
      }
      return title.isBlank() ? raw : title;
    }
  },
  /** As in the file. */
  RAW {
    @Override
    public String of(String raw) {
      return raw.strip();
    }
  };

  // A year, a range of years, or one without an end, with a dash of any kind.
  private static final Pattern YEAR =
      Pattern.compile("\\s*\\((\\d{4})(?:\\s?[-\u2012-\u2015]\\s?(?:\\d{4})?)?\\)(\\s*\\(V\\))?$");
  private static final Pattern BRACKET = Pattern.compile("\\((a\\.k\\.a\\. )?([^()]*)\\)");
  private static final Set<String> ARTICLES =
      Set.of(
          "The", "A", "An", "Il", "Lo", "La", "L'", "I", "Gli", "Le", "Les", "Un", "Uno", "Una",
          "Une", "Des", "El", "Los", "Las", "Der", "Die", "Das", "Den", "Dem", "Ein", "Eine", "O",
          "Os", "As", "Um", "Uma", "Det", "De", "Het", "Een", "En", "Et", "Ett", "Ei", "Az", "To",
          "Ta");

  private static String articleFirst(String title) {
    int comma = title.lastIndexOf(", ");
    String article = comma < 0 ? "" : title.substring(comma + 2);
    if (comma <= 0 || !ARTICLES.contains(article)) {
      return title;
    }
    String space = article.endsWith("'") ? "" : " ";
    return article + space + title.substring(0, comma);
  }

  /** Returns the title made of a raw one. */
  public abstract String of(String raw);

  /** The year in a raw title. */
  public static Optional<String> year(String raw) {
    Matcher matcher = YEAR.matcher(raw.strip());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
