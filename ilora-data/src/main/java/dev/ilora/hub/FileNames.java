package dev.ilora.hub;

import dev.ilora.Printable;
import dev.ilora.http.DownloadException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of files as a hub gives them, before they become paths. */
final class FileNames {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** Signs and ends of names that Windows does not take, or takes for something else. */
  private static final Pattern NOT_ON_WINDOWS = Pattern.compile(".*[<>:\"|?*\\\\].*|.*[. ]");

  private static final Pattern DEVICE =
      Pattern.compile("(?:con|prn|aux|nul|conin\\$|conout\\$|(?:com|lpt)[0-9¹²³])(?: *\\..*)?");

  private FileNames() {}

  /**
   * Refuses a name that leads out of its folder.
   *
   * @throws DownloadException naming it
   */
  static void requireInside(ModelName model, String name) {
    boolean odd =
        List.of(name.split("/", -1)).stream()
            .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (odd || CONTROL.matcher(name).find()) {
      throw refused(model, name, "leads out of the folder or is no name");
    }
  }

  /**
   * Refuses a name that means something else on some system.
   *
   * @throws DownloadException naming it
   */
  static void requirePortable(ModelName model, String name) {
    for (String part : name.split("/")) {
      boolean device = DEVICE.matcher(part.toLowerCase(Locale.ROOT)).matches();
      if (device || NOT_ON_WINDOWS.matcher(part).matches()) {
        throw refused(model, name, "is no name of a file on every system");
      }
    }
  }

  private static DownloadException refused(ModelName model, String name, String why) {
    return new DownloadException(
        "%s: lists the file '%s', which %s; nothing was fetched"
            .formatted(model, Printable.text(name), why));
  }
}
