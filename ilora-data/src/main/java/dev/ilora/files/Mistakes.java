package dev.ilora.files;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The mistakes of a file: the first ones of each kind are kept, all are counted. Those of a kind
 * differ only in the value found and in the line.
 */
public final class Mistakes {
  private static final int KINDS = 10;
  private static final int OF_A_KIND = 3;
  private static final Pattern VALUE = Pattern.compile("'[^']*'|\\d+ cells, found .*|\\d+");

  private final Map<String, Kind> kinds = new LinkedHashMap<>();
  private long uncounted;

  /** Mistakes of a kind. */
  private static final class Kind {
    private final List<BadInputException> first = new ArrayList<>();
    private long more;
    private long lastLine;

    private void add(BadInputException mistake) {
      if (first.size() < OF_A_KIND) {
        first.add(mistake);
      } else {
        more++;
        lastLine = mistake.line();
      }
    }

    private String rest() {
      String lines = more == 1 ? "another one" : more + " more";
      return lines
          + " like that of line %s, up to line %s".formatted(first.getLast().line(), lastLine);
    }
  }

  /** What is done with a record. */
  public interface Action {
    /** Uses the record. */
    void use() throws IOException;
  }

  /** Does something with a record and keeps its mistake, if it has one. */
  public void collect(Action action) throws IOException {
    try {
      action.use();
    } catch (BadInputException mistake) {
      String text = VALUE.matcher(mistake.getMessage()).replaceAll("?");
      if (kinds.size() < KINDS || kinds.containsKey(text)) {
        kinds.computeIfAbsent(text, _ -> new Kind()).add(mistake);
      } else {
        uncounted++;
      }
    }
  }

  /**
   * Ends the reading of a file.
   *
   * @throws BadInputException with the mistakes, if there are any
   */
  public void throwAny() {
    if (!kinds.isEmpty()) {
      throw all(Stream.empty());
    }
  }

  /**
   * The mistakes, with the one after which the file cannot be read. Those of the same or a later
   * line are left out, because they only follow from it.
   */
  public BadInputException endingWith(BadInputException unreadable) {
    if (unreadable.line() > 0) {
      for (Kind kind : kinds.values()) {
        kind.first.removeIf(mistake -> mistake.line() >= unreadable.line());
      }
      kinds.values().removeIf(kind -> kind.first.isEmpty());
    }
    return all(Stream.of(unreadable));
  }

  private BadInputException all(Stream<BadInputException> end) {
    List<BadInputException> shown =
        Stream.concat(
                kinds.values().stream()
                    .flatMap(kind -> kind.first.stream())
                    .sorted(Comparator.comparingLong(BadInputException::line)),
                end)
            .toList();
    List<String> rest = new ArrayList<>();
    long count = shown.size() + uncounted;
    for (Kind kind : kinds.values()) {
      count += kind.more;
      if (kind.more > 0) {
        rest.add(kind.rest());
      }
    }
    if (uncounted > 0) {
      rest.add(uncounted + " of other kinds");
    }
    return BadInputException.all(shown, count, rest);
  }
}
