package dev.ilora.browser;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Looks at a report in Chromium; see {@code scripts/check-report}. */
public final class CheckReport {
  private CheckReport() {}

  /**
   * Checks a page and prints what was seen; the exit code is 1 where something is wrong.
   *
   * @param arguments the page, and a folder for pictures
   */
  public static void main(String[] arguments) throws Exception {
    Path page = Path.of(arguments[0]);
    Path out = Files.createDirectories(Path.of(arguments[1]));
    if (Chromium.find().isEmpty()) {
      System.err.println(
          "no chromium found; install it (Debian: apt install chromium) or set CHROMIUM");
      System.exit(2);
    }
    List<PageCheck> checks = of(page, out);
    for (PageCheck check : checks) {
      System.out.println(check.view() + ": " + check.facts());
      check.findings().forEach(finding -> System.out.println("  WRONG " + finding));
    }
    System.out.println("Pictures: " + out.resolve("report-*.png"));
    System.exit(checks.stream().allMatch(check -> check.findings().isEmpty()) ? 0 : 1);
  }

  /** Looks at a page in every {@link View}. */
  static List<PageCheck> of(Path page, Path out) throws Exception {
    List<String> elements = elements(page);
    List<PageCheck> checks = new ArrayList<>();
    try (Chromium browser = Chromium.start(Chromium.find().orElseThrow());
        DevTools tools = browser.connect()) {
      for (View view : View.ALL) {
        Path picture = out.resolve("report-" + view + ".png");
        checks.add(PageCheck.of(tools, page, elements, view, picture));
      }
    }
    return checks;
  }

  /** Names of the elements as they were written: the page is XML apart from its first line. */
  private static List<String> elements(Path page)
      throws IOException, ParserConfigurationException, SAXException {
    String html = Files.readString(page);
    NodeList all =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(html.substring(html.indexOf('\n') + 1))))
            .getElementsByTagName("*");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < all.getLength(); i++) {
      names.add(all.item(i).getNodeName());
    }
    return names;
  }
}
