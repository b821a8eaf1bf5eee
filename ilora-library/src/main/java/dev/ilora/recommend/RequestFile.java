package dev.ilora.recommend;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonLine;
import dev.ilora.files.Mistakes;
import dev.ilora.files.TextFile;
import dev.ilora.files.TextLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Requests in a file, one JSON object a line, read as they are needed:
 *
 * <pre>
 * {"id": "r1", "history": ["k1", "k2"], "candidates": ["k7", "k9"], "exclude": ["k3"], "top": 5, "user": "u1"}
 * </pre>
 *
 * <p>{@code history} lists item keys, oldest first; all else may be absent. An absent {@code id} is
 * the number of the line.
 */
public final class RequestFile implements Iterator<NamedRequest>, AutoCloseable {
  private static final Set<String> FIELDS =
      new TreeSet<>(Set.of("id", "user", "history", "candidates", "exclude", "top"));

  private final Path file;
  private final TextLines lines;
  private final Catalogue catalogue;
  private final int top;
  private Optional<String> next;

  /**
   * Opens a file.
   *
   * @param top items wanted where a request does not say
   * @throws BadInputException if it cannot be read
   */
  public RequestFile(Path file, Catalogue catalogue, int top) {
    this.file = file;
    this.catalogue = catalogue;
    this.top = top;
    try {
      lines = new TextLines(TextFile.open(file));
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    }
    next = read();
  }

  /**
   * Reads all requests of a file, so that a mistake in its last line is told before the first one
   * is answered.
   *
   * @return their number
   * @throws BadInputException with the first mistakes and their number, or if it cannot be read
   */
  public static long check(Path file, Catalogue catalogue, int top) {
    Mistakes mistakes = new Mistakes();
    long count = 0;
    try (RequestFile requests = new RequestFile(file, catalogue, top)) {
      while (requests.hasNext()) {
        mistakes.collect(requests::next);
        count++;
      }
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    }
    mistakes.throwAny();
    return count;
  }

  private Optional<String> read() {
    try {
      return Optional.ofNullable(lines.next());
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    }
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  /**
   * Returns the next request.
   *
   * @throws BadInputException naming the line, if it is no request or names an unknown item
   */
  @Override
  public NamedRequest next() {
    long line = lines.line();
    String text = next.orElseThrow();
    next = read();
    JsonLine parsed = JsonLine.parse(file, line, text);
    parsed.requireOnly(FIELDS);
    String id = parsed.has("id") ? parsed.text("id") : Long.toString(line);
    try {
      return new NamedRequest(id, request(parsed), OptionalLong.of(line));
    } catch (IllegalArgumentException e) {
      throw parsed.mistake(e.getMessage());
    }
  }

  private Request request(JsonLine parsed) {
    Request request =
        Request.history(items(parsed, "history"))
            .top(parsed.has("top") ? parsed.integer("top") : top);
    if (parsed.has("user")) {
      request = request.user(parsed.text("user"));
    }
    if (parsed.has("candidates")) {
      request = request.among(items(parsed, "candidates"));
    }
    return parsed.has("exclude") ? request.excluding(items(parsed, "exclude")) : request;
  }

  private List<CatalogueItem> items(JsonLine parsed, String field) {
    return parsed.texts(field).stream().map(catalogue::item).toList();
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }
}
