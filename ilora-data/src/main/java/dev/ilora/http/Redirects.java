package dev.ilora.http;

import dev.ilora.Interruption;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends a request and follows redirects. A token goes to its own server only. The HTTP client could
 * follow them too, but it sends every header to every server and keeps no answer on the way.
 */
final class Redirects {
  private static final int MOST = 10;
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client;
  private final Interruption interruption;
  private final Duration patience;
  private final Optional<Secret> secret;

  private record Secret(URI server, String token) {}

  private Redirects(
      HttpClient client, Interruption interruption, Duration patience, Optional<Secret> secret) {
    this.client = client;
    this.interruption = interruption;
    this.patience = patience;
    this.secret = secret;
  }

  Redirects(Interruption interruption) {
    this(
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_LIMIT)
            .build(),
        interruption,
        PATIENCE,
        Optional.empty());
  }

  Redirects withPatience(Duration other) {
    return new Redirects(client, interruption, other, secret);
  }

  Redirects withToken(URI server, String token) {
    return new Redirects(client, interruption, patience, Optional.of(new Secret(server, token)));
  }

  Answer follow(HttpRequest request) throws IOException {
    boolean head = request.method().equals("HEAD");
    List<HttpHeaders> hops = new ArrayList<>();
    URI at = request.uri();
    for (int hop = 0; hop <= MOST; hop++) {
      HttpResponse<InputStream> response = send(request, at);
      hops.add(response.headers());
      Optional<URI> next = next(request.uri(), at, response);
      if (next.isEmpty() || head && !isSameServer(at, next.get())) {
        InputStream body = new WatchedBody(response.body(), patience, interruption);
        return new Answer(request.uri(), response.statusCode(), hops, body);
      }
      response.body().close();
      at = next.get();
    }
    throw new DownloadException(
        "%s: is redirected more than %s times".formatted(request.uri(), MOST));
  }

  private static Optional<URI> next(URI asked, URI at, HttpResponse<?> response) {
    boolean redirected = List.of(301, 302, 303, 307, 308).contains(response.statusCode());
    Optional<String> location = response.headers().firstValue("Location");
    return redirected && location.isPresent()
        ? Optional.of(resolve(asked, at, location.get()))
        : Optional.empty();
  }

  private static URI resolve(URI asked, URI at, String location) {
    URI next;
    try {
      next = at.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new DownloadException(asked + ": is redirected to what is no address");
    }
    boolean web = List.of("http", "https").contains(next.getScheme()) && next.getHost() != null;
    if (!web || at.getScheme().equals("https") && next.getScheme().equals("http")) {
      throw new DownloadException(
          "%s: is redirected to %s://%s, which is not safe"
              .formatted(asked, next.getScheme(), next.getHost()));
    }
    return next;
  }

  private static boolean isSameServer(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  private static int port(URI address) {
    int usual = address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    return address.getPort() < 0 ? usual : address.getPort();
  }

  private HttpResponse<InputStream> send(HttpRequest request, URI at) throws IOException {
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(request, (_, _) -> true).uri(at).timeout(patience);
    secret
        .filter(known -> isSameServer(known.server(), at))
        .ifPresent(known -> sent.header("Authorization", "Bearer " + known.token()));
    var answer = client.sendAsync(sent.build(), HttpResponse.BodyHandlers.ofInputStream());
    return await(answer);
  }

  private HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> answer)
      throws IOException {
    while (true) {
      try {
        return answer.get(Pause.GLANCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (interruption.requested()) {
          answer.cancel(true);
        }
        Stopped.check(interruption);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException cause) {
          throw cause;
        }
        throw new IOException(e.getCause().toString(), e);
      } catch (InterruptedException e) {
        answer.cancel(true);
        throw Stopped.byThread();
      }
    }
  }
}
