package dev.ilora.browser;

import java.util.List;
import java.util.Locale;

/**
 * How somebody looks at a page.
 *
 * @param width of the window, CSS pixels
 * @param dark whether the reader's system asks for dark pages
 */
record View(int width, boolean dark) {
  /** Those that are checked: desktop and phone, light and dark. */
  static final List<View> ALL =
      List.of(
          new View(1280, false), new View(1280, true), new View(390, false), new View(390, true));

  private static final int PHONE = 600;

  boolean phone() {
    return width < PHONE;
  }

  int height() {
    return phone() ? 844 : 900;
  }

  String scheme() {
    return dark ? "dark" : "light";
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s-%s", width, scheme());
  }
}
