package dev.ilora.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A page as a browser shows it in one view: what is wrong with it, and a picture.
 *
 * @param view how it was looked at
 * @param facts what there is, for people
 * @param findings what is wrong; empty where all is well
 */
record PageCheck(View view, String facts, List<String> findings) {
  private static final int TALLEST_PICTURE = 16_000;

  /** Copies the list. */
  PageCheck {
    findings = List.copyOf(findings);
  }

  /**
   * Opens a page and looks at it.
   *
   * @param elements names of its elements in the order in which they were written
   * @param picture file to write
   */
  static PageCheck of(DevTools tools, Path page, List<String> elements, View view, Path picture)
      throws IOException, InterruptedException {
    String target =
        tools
            .call("", "Target.createTarget", Map.of("url", "about:blank"))
            .get("targetId")
            .stringValue();
    Map<String, ?> attach = Map.of("targetId", target, "flatten", true);
    String session = tools.call("", "Target.attachToTarget", attach).get("sessionId").stringValue();
    open(tools, session, page, view);
    writePicture(tools, session, view, picture);
    JsonNode audit = audit(tools, session);
    List<String> findings = new ArrayList<>();
    audit.get("findings").forEach(finding -> findings.add(finding.stringValue()));
    findings.addAll(structure(audit.get("elements"), elements));
    findings.addAll(told(tools, session));
    tools.call("", "Target.closeTarget", Map.of("targetId", target));
    return new PageCheck(view, audit.get("facts").stringValue(), findings);
  }

  private static void open(DevTools tools, String session, Path page, View view)
      throws InterruptedException {
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      tools.call(session, domain + ".enable", Map.of());
    }
    tools.call(
        session,
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width",
            view.width(),
            "height",
            view.height(),
            "deviceScaleFactor",
            1,
            "mobile",
            view.phone()));
    Map<String, String> scheme = Map.of("name", "prefers-color-scheme", "value", view.scheme());
    tools.call(session, "Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
    tools.call(session, "Page.navigate", Map.of("url", page.toAbsolutePath().toUri().toString()));
    tools.await(session, "Page.loadEventFired");
  }

  private static void writePicture(DevTools tools, String session, View view, Path picture)
      throws IOException {
    JsonNode size = tools.call(session, "Page.getLayoutMetrics", Map.of()).get("cssContentSize");
    double height = Math.min(size.get("height").doubleValue(), TALLEST_PICTURE);
    Map<String, ?> clip =
        Map.of("x", 0, "y", 0, "width", view.width(), "height", height, "scale", 1);
    JsonNode shot =
        tools.call(
            session, "Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip", clip));
    Files.write(picture, Base64.getDecoder().decode(shot.get("data").stringValue()));
  }

  private static JsonNode audit(DevTools tools, String session) {
    Map<String, ?> script = Map.of("expression", script(), "returnByValue", true);
    JsonNode answer = tools.call(session, "Runtime.evaluate", script);
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException("audit.js: " + answer.get("exceptionDetails"));
    }
    return answer.get("result").get("value");
  }

  /** Where elements stand wrongly the browser's parser moves, adds or drops some. */
  private static List<String> structure(JsonNode found, List<String> written) {
    List<String> names = new ArrayList<>();
    found.forEach(name -> names.add(name.stringValue()));
    for (int i = 0; i < Math.max(names.size(), written.size()); i++) {
      String was = i < written.size() ? written.get(i) : "nothing";
      String is = i < names.size() ? names.get(i) : "nothing";
      if (!was.equals(is)) {
        return List.of(
            "element %s: %s was written, the browser has %s; the HTML is not valid there"
                .formatted(i + 1, was, is));
      }
    }
    return List.of();
  }

  private static List<String> told(DevTools tools, String session) {
    List<String> findings = new ArrayList<>();
    for (String event :
        List.of("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")) {
      tools.events(session, event).forEach(told -> findings.add("console: " + told));
    }
    for (JsonNode request : tools.events(session, "Network.requestWillBeSent")) {
      String url = request.at("/request/url").stringValue();
      if (!url.startsWith("file:")) {
        findings.add("asks for " + url);
      }
    }
    return findings;
  }

  private static String script() {
    try (InputStream in = PageCheck.class.getResourceAsStream("audit.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
