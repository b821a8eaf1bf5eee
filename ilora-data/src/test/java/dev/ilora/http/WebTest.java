package dev.ilora.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.RunContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  /** What the server answers, one after another; the last one for ever. */
  private final Deque<Reply> replies = new ArrayDeque<>();

  private final List<String> requests = new ArrayList<>();
  private final List<Duration> waits = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final Interruption interruption = Interruption.never();
  private LocalServer server;
  private LocalServer other;
  private Web web;

  private record Reply(int status, Map<String, String> headers) {
    Reply(int status) {
      this(status, Map.of());
    }
  }

  @BeforeEach
  void serve() throws IOException {
    server = new LocalServer(this::reply);
    other = new LocalServer(exchange -> send(exchange, new Reply(200, Map.of("Where", "other"))));
    RunContext context =
        new RunContext(
            (what, _, _, _) -> remarks.add(what), interruption, InstantSource.fixed(NOW));
    web = new Web(context).withPause(waits::add);
  }

  @AfterEach
  void stop() {
    server.close();
    other.close();
  }

  private void reply(HttpExchange exchange) throws IOException {
    send(exchange, replies.size() > 1 ? replies.remove() : replies.element());
  }

  private void send(HttpExchange exchange, Reply reply) throws IOException {
    requests.add(
        "%s %s %s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Authorization")));
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(reply.status(), head ? -1 : 2);
    if (!head) {
      exchange.getResponseBody().write("ok".getBytes(StandardCharsets.UTF_8));
    }
    exchange.close();
  }

  private void busy(String retryAfter) {
    replies.add(new Reply(429, Map.of("Retry-After", retryAfter)));
  }

  private String text(String path) throws IOException {
    try (Answer answer = web.get(server.at(path), Map.of())) {
      return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String refusal(URI address) {
    String message =
        assertThrows(DownloadException.class, () -> web.get(address, Map.of())).getMessage();
    return message.replaceAll("http://127.0.0.1:\\d+", "");
  }

  @Test
  void waitsAsLongAsTheServerAsksAndSaysSo() throws IOException {
    busy("7");
    busy("Sat, 31 Jan 2026 12:05:00 GMT");
    replies.add(new Reply(429, Map.of("RateLimit", "\"api\";r=0;t=55")));
    replies.add(new Reply(200));
    assertEquals("ok", text("/file"));
    assertEquals(List.of(7L, 300L, 55L), waits.stream().map(Duration::toSeconds).toList());
    assertEquals(
        List.of(
            server.at("/file") + ": HTTP status 429; trying again in 7 s",
            server.at("/file") + ": HTTP status 429; trying again in 300 s",
            server.at("/file") + ": HTTP status 429; trying again in 55 s"),
        remarks);
  }

  @Test
  void refusesAWaitOfMoreThanFiveMinutesAndNamesIt() {
    busy("301");
    assertEquals(
        "/file: HTTP status 429; the server asks to wait 6 min: give the command again then",
        refusal(server.at("/file")));
    assertEquals(List.of(), waits);
  }

  @Test
  void givesUpOnAServerThatStaysBusy() {
    busy("1");
    assertEquals(
        "/file: HTTP status 429, 5 times; check the network, or try again later",
        refusal(server.at("/file")));
    assertEquals(5, requests.size());
  }

  @Test
  void asksABrokenServerAgainWithGrowingWaits() throws IOException {
    replies.add(new Reply(500));
    replies.add(new Reply(503));
    replies.add(new Reply(502));
    replies.add(new Reply(200));
    assertEquals("ok", text("/file"));
    assertEquals(List.of(1L, 2L, 4L), waits.stream().map(Duration::toSeconds).toList());
  }

  @Test
  void saysThatNothingAnswers() throws IOException {
    URI nowhere;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nowhere = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/file");
    }
    String message = refusal(nowhere);
    assertTrue(
        message.matches(
            "/file: cannot be reached: no connection to 127\\.0\\.0\\.1:\\d+, 5 times; check the"
                + " network, or try again later"),
        message);
    assertEquals(4, waits.size());
  }

  @Test
  void saysThatAHostIsUnknown() {
    assertEquals(
        "http://nowhere.invalid/: cannot be reached: no address is known for nowhere.invalid, 5"
            + " times; check the network, or try again later",
        refusal(URI.create("http://nowhere.invalid/")));
  }

  @Test
  void aTokenGoesToItsOwnServerOnly() throws IOException {
    web = web.withToken(server.address(), "secret");
    replies.add(new Reply(302, Map.of("Location", "/moved")));
    replies.add(new Reply(302, Map.of("Location", other.at("/signed?key=1").toString())));
    assertEquals("ok", text("/file"));
    assertEquals(
        List.of("GET /file Bearer secret", "GET /moved Bearer secret", "GET /signed?key=1 null"),
        requests);
  }

  @Test
  void headersOfTheFirstServerCountWhereTheLastOneIsAnother() throws IOException {
    replies.add(new Reply(307, Map.of("Location", "moved", "X-Size", "1")));
    replies.add(
        new Reply(302, Map.of("Location", other.at("/x").toString(), "X-Size", "2", "X-Tag", "t")));
    try (Answer answer = web.head(server.at("/file"))) {
      assertEquals(302, answer.status());
      assertEquals("1", answer.headerOnTheWay("X-Size").orElseThrow());
      assertEquals("t", answer.headerOnTheWay("X-Tag").orElseThrow());
      assertEquals("2", answer.header("X-Size").orElseThrow());
    }
    assertEquals(List.of("HEAD /file null", "HEAD /moved null"), requests);
  }

  @Test
  void refusesCirclesAndPlacesThatAreNoWeb() {
    replies.add(new Reply(302, Map.of("Location", "/file")));
    assertEquals("/file: is redirected more than 10 times", refusal(server.at("/file")));
    replies.add(new Reply(302, Map.of("Location", "file:///etc/passwd")));
    replies.remove();
    assertEquals(
        "/file: is redirected to file://null, which is not safe", refusal(server.at("/file")));
    replies.add(new Reply(302, Map.of("Location", "http://[")));
    replies.remove();
    assertEquals("/file: is redirected to what is no address", refusal(server.at("/file")));
  }

  @Test
  void theUserCanStopAWait() {
    busy("200");
    RunContext context =
        new RunContext(
            (_, _, _, _) -> interruption.request(), interruption, InstantSource.fixed(NOW));
    Web sleeping = new Web(context);
    assertEquals(
        "Stopped; what came is kept, and the same command goes on from there",
        assertThrows(
                InterruptedRunException.class, () -> sleeping.get(server.at("/file"), Map.of()))
            .getMessage());
  }
}
