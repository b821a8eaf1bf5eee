package dev.ilora.chat;

import dev.ilora.chat.TemplateToken.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Takes a template apart, with {@code trim_blocks} and {@code lstrip_blocks} as models' templates
 * expect: the line break after a statement or comment is dropped, and so is white space between the
 * beginning of a line and one.
 */
final class TemplateLexer {
  private static final Pattern TAG = Pattern.compile("\\{\\{|\\{%|\\{#");
  private static final Pattern PIECE =
      Pattern.compile(
          "(?<space>\\s+)"
              + "|(?<float>\\d+(_\\d+)*\\.\\d+([eE][+-]?\\d+)?|\\d+[eE][+-]?\\d+)"
              + "|(?<integer>\\d+(_\\d+)*)"
              + "|(?<name>[\\p{L}_][\\p{L}\\p{N}_]*)"
              + "|(?<string>'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\")"
              + "|(?<operator>==|!=|<=|>=|//|[-+*/%~<>=.,:|()\\[\\]{}])",
          Pattern.DOTALL);

  private static final Pattern QUOTED_PART =
      Pattern.compile("\\\\u\\p{XDigit}{4}|\\\\.|[^\\\\]+", Pattern.DOTALL);

  /** Of {@code \\u0041}. */
  private static final int ESCAPED_UNIT = 6;

  private final String text;
  private final int[] breaks;
  private final List<TemplateToken> tokens = new ArrayList<>();
  private int place;

  TemplateLexer(String text) {
    // As jinja2 reads it: one kind of line break, and none at the end.
    String lines = text.replace("\r\n", "\n").replace('\r', '\n');
    this.text = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    breaks = IntStream.range(0, text.length()).filter(i -> text.charAt(i) == '\n').toArray();
  }

  List<TemplateToken> tokens() {
    boolean stripped = false;
    boolean trimmed = false;
    while (place < text.length()) {
      Matcher tag = TAG.matcher(text);
      boolean found = tag.find(place);
      data(place, found ? tag.start() : text.length(), stripped, trimmed);
      if (!found) {
        place = text.length();
        break;
      }
      String opening = tag.group();
      place = tag.end();
      char sign = place < text.length() ? text.charAt(place) : ' ';
      place += sign == '-' || sign == '+' ? 1 : 0;
      String closing = opening.equals("{{") ? "}}" : opening.equals("{%") ? "%}" : "#}";
      char last = opening.equals("{#") ? comment(tag.start()) : tag(opening, closing, tag.start());
      stripped = last == '-';
      trimmed = !opening.equals("{{") && last != '+';
    }
    tokens.add(new TemplateToken(Kind.LAST, "", line(text.length())));
    return tokens;
  }

  private void data(int from, int to, boolean stripped, boolean trimmed) {
    int start = from;
    if (stripped) {
      while (start < to && Values.isSpace(text.charAt(start))) {
        start++;
      }
    } else if (trimmed && start < to && text.charAt(start) == '\n') {
      start++;
    }
    int end = Math.max(start, endOfData(start, to));
    if (end > start) {
      tokens.add(new TemplateToken(Kind.DATA, text.substring(start, end), line(start)));
    }
  }

  /** Where the data before a tag ends once what the tag strips is gone. */
  private int endOfData(int start, int to) {
    if (to >= text.length()) {
      return to;
    }
    char sign = to + 2 < text.length() ? text.charAt(to + 2) : ' ';
    int end = to;
    if (sign == '-') {
      while (end > start && Values.isSpace(text.charAt(end - 1))) {
        end--;
      }
      return end;
    }
    if (sign == '+' || text.charAt(to + 1) == '{') {
      return to;
    }
    while (end > 0 && text.charAt(end - 1) != '\n' && Values.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end == 0 || text.charAt(end - 1) == '\n' ? end : to;
  }

  private char comment(int start) {
    int end = text.indexOf("#}", place);
    if (end < 0) {
      throw new TemplateException(line(start), "a comment is never closed");
    }
    char last = end > place ? text.charAt(end - 1) : ' ';
    place = end + 2;
    return last;
  }

  /** Reads up to the end of a tag and returns the sign before its end, or a blank. */
  private char tag(String opening, String closing, int start) {
    tokens.add(
        new TemplateToken(
            opening.equals("{{") ? Kind.OUTPUT : Kind.STATEMENT, opening, line(start)));
    int open = 0;
    Matcher piece = PIECE.matcher(text);
    while (true) {
      if (place >= text.length()) {
        throw new TemplateException(line(start), opening + " is never closed");
      }
      char sign = text.charAt(place);
      boolean signed = (sign == '-' || sign == '+') && text.startsWith(closing, place + 1);
      if (signed || open == 0 && text.startsWith(closing, place)) {
        tokens.add(new TemplateToken(Kind.END, closing, line(place)));
        place += closing.length() + (signed ? 1 : 0);
        return signed ? sign : ' ';
      }
      if (!piece.find(place) || piece.start() != place) {
        throw new TemplateException(
            line(place), "'" + text.charAt(place) + "' is not expected in a tag");
      }
      open += depth(piece.group());
      add(piece);
      place = piece.end();
    }
  }

  private static int depth(String piece) {
    return switch (piece) {
      case "(", "[", "{" -> 1;
      case ")", "]", "}" -> -1;
      default -> 0;
    };
  }

  private void add(Matcher piece) {
    int line = line(piece.start());
    if (piece.group("string") != null) {
      tokens.add(new TemplateToken(Kind.STRING, unescaped(piece.group(), line), line));
    } else if (piece.group("space") == null) {
      Kind kind =
          piece.group("name") != null
              ? Kind.NAME
              : piece.group("integer") != null
                  ? Kind.INTEGER
                  : piece.group("float") != null ? Kind.FLOAT : Kind.OPERATOR;
      tokens.add(new TemplateToken(kind, piece.group(), line));
    }
  }

  private static String unescaped(String quoted, int line) {
    StringBuilder plain = new StringBuilder();
    Matcher parts = QUOTED_PART.matcher(quoted.substring(1, quoted.length() - 1));
    while (parts.find()) {
      plain.append(parts.group().startsWith("\\") ? escaped(parts.group(), line) : parts.group());
    }
    return plain.toString();
  }

  private static String escaped(String part, int line) {
    if (part.length() == ESCAPED_UNIT) {
      return String.valueOf((char) Integer.parseInt(part.substring(2), 16));
    }
    return switch (part.charAt(1)) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case '\\', '\'', '"' -> part.substring(1);
      default -> throw new TemplateException(line, "the escape " + part + " is not understood");
    };
  }

  /** The line of a place, from 1. */
  private int line(int at) {
    int found = Arrays.binarySearch(breaks, at);
    return 1 + (found < 0 ? -found - 1 : found);
  }
}
