package dev.ilora.http;

import dev.ilora.RunContext;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Asks servers. Where a server is busy, broken or cannot be reached, it is asked again a few times;
 * a wait that it asks for is kept and told.
 */
public final class Web {
  private static final int ATTEMPTS = 5;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final RunContext context;
  private final Pause pause;
  private final Redirects redirects;

  private Web(RunContext context, Pause pause, Redirects redirects) {
    this.context = context;
    this.pause = pause;
    this.redirects = redirects;
  }

  /** Without a token; waits by sleeping. */
  public Web(RunContext context) {
    this(context, Pause.sleeping(context.interruption()), new Redirects(context.interruption()));
  }

  /** The same that waits in another way. */
  public Web withPause(Pause other) {
    return new Web(context, other, redirects);
  }

  /** The same that gives up bodies of which nothing comes for this time. */
  public Web withPatience(Duration patience) {
    return new Web(context, pause, redirects.withPatience(patience));
  }

  /** The same that sends a token to one server, and to no other on a redirect. */
  public Web withToken(URI server, String token) {
    return new Web(context, pause, redirects.withToken(server, token));
  }

  /** What this works for. */
  public RunContext context() {
    return context;
  }

  /**
   * Gets what is at an address.
   *
   * @throws DownloadException if the server stays busy, broken or out of reach, or asks for a wait
   *     of more than five minutes
   */
  public Answer get(URI address, Map<String, String> headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    headers.forEach(request::header);
    return ask(request.build());
  }

  /**
   * Gets the headers of what is at an address. A redirect to another server is not followed: what
   * the first one says counts.
   *
   * @throws DownloadException as {@link #get}
   */
  public Answer head(URI address) {
    // without this, a length may be that of the compressed body
    return ask(
        HttpRequest.newBuilder(address).HEAD().header("Accept-Encoding", "identity").build());
  }

  private Answer ask(HttpRequest request) {
    for (int attempt = 1; ; attempt++) {
      Duration usual = Duration.ofSeconds(1L << (attempt - 1));
      try {
        Answer answer = redirects.follow(request);
        if (!answer.mayPass()) {
          return answer;
        }
        answer.close();
        String what = request.uri() + ": HTTP status " + answer.status();
        Optional<Duration> asked = answer.retryAfter(context.clock().instant());
        await(what, asked.orElse(usual), attempt);
      } catch (IOException e) {
        String what = "%s: cannot be reached: %s".formatted(request.uri(), reason(e, request));
        await(what, usual, attempt);
      }
    }
  }

  private void await(String what, Duration wait, int attempt) {
    if (attempt == ATTEMPTS) {
      throw new DownloadException(
          "%s, %s times; check the network, or try again later".formatted(what, ATTEMPTS));
    }
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      throw new DownloadException(
          "%s; the server asks to wait %s: give the command again then"
              .formatted(what, inWords(wait)));
    }
    context.progress().remark("%s; trying again in %s".formatted(what, inWords(wait)));
    pause.of(wait);
  }

  private static String inWords(Duration wait) {
    return wait.compareTo(LONGEST_WAIT) > 0
        ? Math.ceilDiv(wait.toSeconds(), 60) + " min"
        : wait.toSeconds() + " s";
  }

  /** The library's own messages are often empty. */
  private static String reason(IOException e, HttpRequest request) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "no address is known for " + request.uri().getHost();
      }
    }
    return switch (e) {
      case HttpTimeoutException _ -> "no answer in time";
      case ConnectException _ -> "no connection to " + request.uri().getAuthority();
      default -> e.getMessage();
    };
  }
}
