package dev.ilora.data;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the titles of MovieLens, such as "Usual Suspects, The (1995)", are made readable. */
public enum MovieTitles {
  /** Year removed and a trailing article, of any language, moved to the front. */
  CLEAN {
    @Override
    public String of(String raw) {
      String title = YEAR.matcher(raw.strip()).replaceFirst("").strip();
      int comma = title.lastIndexOf(", ");
      boolean article = comma > 0 && ARTICLES.contains(title.substring(comma + 2));
      return article ? title.substring(comma + 2) + " " + title.substring(0, comma) : title;
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

  private static final Pattern YEAR = Pattern.compile("\\s*\\((\\d{4})\\)(\\s*\\(V\\))?$");
  private static final List<String> ARTICLES =
      List.of(
          "The", "A", "An", "Il", "Lo", "La", "L'", "Le", "Les", "Un", "Une", "El", "Los", "Las",
          "Der", "Die", "Das", "Ein", "Eine", "O", "Os", "Det", "De", "Het");

  /** Returns the title made of a raw one. */
  public abstract String of(String raw);

  /** The year in a raw title. */
  public static Optional<String> year(String raw) {
    Matcher matcher = YEAR.matcher(raw.strip());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
