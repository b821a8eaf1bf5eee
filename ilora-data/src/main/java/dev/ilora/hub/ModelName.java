package dev.ilora.hub;

import dev.ilora.Printable;
import dev.ilora.config.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model of the hub, as users write it.
 *
 * @param owner the person or organisation
 * @param name the model
 * @param revision a branch, tag or commit
 */
public record ModelName(String owner, String name, String revision) {
  private static final String WORD = "\\w[\\w-]*(?:\\.[\\w-]+)*";
  private static final Pattern FORM =
      Pattern.compile("(%s)/(%s)(?:@(%s(?:/%s)*))?".formatted(WORD, WORD, WORD, WORD));

  /**
   * Reads {@code ORG/NAME} or {@code ORG/NAME@REVISION}.
   *
   * @throws ConfigException if the text has another form
   */
  public static ModelName parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new ConfigException(
          "'%s' is no model of the hub: expected ORG/NAME or ORG/NAME@REVISION, such as"
                  .formatted(Printable.text(text))
              + " Qwen/Qwen3-0.6B");
    }
    String revision = matcher.group(3);
    return new ModelName(matcher.group(1), matcher.group(2), revision == null ? "main" : revision);
  }

  /** Owner and name without the revision. */
  public String path() {
    return owner + "/" + name;
  }

  /** The folder in a cache. */
  String folder() {
    return "models--" + owner + "--" + name;
  }

  @Override
  public String toString() {
    return revision.equals("main") ? path() : path() + "@" + revision;
  }
}
