package dev.ilora.report;

import dev.ilora.runs.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A colour for each method of a report, the same in every figure; the style sheet gives it for
 * light and dark. Methods of the papers have the same one in every report, forms of them those that
 * follow.
 */
final class Palette {
  /** Colours of the style sheet. */
  private static final int COLOURS = 16;

  /** Lines of SVG that differ without their colours. */
  private static final List<String> DASHES = List.of("none", "7 3", "2 2", "8 2 2 2", "4 4");

  private final List<String> methods =
      new ArrayList<>(Arrays.stream(Method.values()).map(Method::label).toList());

  /**
   * @param reported names of the methods of a report, in any order, repeated or not
   */
  Palette(List<String> reported) {
    reported.stream().distinct().filter(name -> !methods.contains(name)).forEach(methods::add);
  }

  /**
   * The CSS colour of a method of the report.
   *
   * @throws IllegalArgumentException if it is none
   */
  String of(String method) {
    int place = methods.indexOf(method);
    if (place < 0) {
      throw new IllegalArgumentException("method '" + method + "' is not of this report");
    }
    int papers = Method.values().length;
    int colour = place < papers ? place : papers + (place - papers) % (COLOURS - papers);
    return "var(--c" + colour + ")";
  }

  /** How a method's lines are drawn: attributes of SVG and their values in turn, colour first. */
  List<String> line(String method) {
    String dashes = DASHES.get(methods.indexOf(method) % DASHES.size());
    return List.of("stroke", of(method), "stroke-dasharray", dashes);
  }

  /** Writes a short piece of a method's line. */
  void stroke(Html page, String method) {
    page.open("svg", "class", "stroke", "viewBox", "0 0 30 8", "aria-hidden", "true");
    List<String> attributes = new ArrayList<>(List.of("d", "M0 4L30 4", "class", "curve"));
    attributes.addAll(line(method));
    page.empty("path", attributes.toArray(String[]::new));
    page.close();
  }

  /** Writes a small patch of a method's colour. */
  void swatch(Html page, String method) {
    page.element("span", "", "class", "swatch", "style", "background:" + of(method));
  }
}
