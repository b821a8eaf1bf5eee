package dev.ilora.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server answered, after the redirects that were followed. */
public final class Answer implements AutoCloseable {
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERRORS = 500;

  /** What a limit of requests says of the seconds until it ends, such as {@code "api";r=0;t=55}. */
  private static final Pattern LIMIT_ENDS = Pattern.compile(".*;\\s*t=(\\d{1,9})\\b.*");

  private final URI address;
  private final int status;
  private final List<HttpHeaders> hops;
  private final InputStream body;

  Answer(URI address, int status, List<HttpHeaders> hops, InputStream body) {
    this.address = address;
    this.status = status;
    this.hops = List.copyOf(hops);
    this.body = body;
  }

  /** The address that was asked for; where a redirect led stays unsaid, it may hold a secret. */
  public URI address() {
    return address;
  }

  /** The status of the last server. */
  public int status() {
    return status;
  }

  /** A header of the last server. */
  public Optional<String> header(String name) {
    return hops.getLast().firstValue(name);
  }

  /** A header of the first server on the way that sent it. */
  public Optional<String> headerOnTheWay(String name) {
    return hops.stream().flatMap(hop -> hop.firstValue(name).stream()).findFirst();
  }

  /** The length of the body in bytes, or -1 where it is not said. */
  public long length() {
    return hops.getLast().firstValueAsLong("Content-Length").orElse(-1);
  }

  /** The body; reading it ends with an error when nothing comes for a minute. */
  public InputStream body() {
    return body;
  }

  /** Whether asking again may help. */
  boolean mayPass() {
    return status == TOO_MANY || status >= SERVER_ERRORS;
  }

  /** How long the server asks to wait: seconds, or a date. */
  Optional<Duration> retryAfter(Instant now) {
    return header("Retry-After").or(this::limitEnds).flatMap(text -> wait(text.strip(), now));
  }

  private Optional<String> limitEnds() {
    return header("RateLimit")
        .map(LIMIT_ENDS::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1));
  }

  private static Optional<Duration> wait(String text, Instant now) {
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(now, then.isBefore(now) ? now : then));
    } catch (DateTimeParseException e) {
      return Optional.empty(); // not said in a form of the standard: the usual wait
    }
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
