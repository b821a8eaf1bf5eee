package dev.ilora.files;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Why a file is not JSON or YAML, in words for its owner. */
public final class JsonReason {
  /** Settings of the library, which no user of a program can change. */
  private static final Pattern SETTING =
      Pattern.compile(
          "[:;,]? *\\(?(?:from|enable) `[^`]*`(?: to allow)?\\)?|; `DeserializationFeature.*");

  private static final Pattern MISSING =
      Pattern.compile("Missing creator property ('[^']*') \\(index \\d+\\).*");

  private static final Pattern MORE = Pattern.compile("Trailing token .*");

  private JsonReason() {}

  /** The first line of the library's message, without its settings. */
  public static String of(JacksonException e) {
    String first = e.getOriginalMessage().lines().findFirst().orElse("it is damaged");
    String plain = MISSING.matcher(first).replaceAll("field $1 is missing");
    plain = MORE.matcher(plain).replaceAll("more than one document; expected a single one");
    return SETTING.matcher(plain).replaceAll("");
  }
}
