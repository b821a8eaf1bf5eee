package dev.ilora.browser;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The protocol by which tools speak with Chromium: calls with answers, and events. */
final class DevTools implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int SECONDS = 60;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new ArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final WebSocket socket;

  DevTools(URI address) {
    socket = client.newWebSocketBuilder().buildAsync(address, new Messages()).join();
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(JSON.readTree(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void take(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> call = calls.remove(message.get("id").intValue());
      if (message.has("error")) {
        call.completeExceptionally(new IllegalStateException(message.get("error").toString()));
      } else {
        call.complete(message.get("result"));
      }
    } else {
      synchronized (events) {
        events.add(message);
        events.notifyAll();
      }
    }
  }

  /**
   * Calls a method and waits for its result.
   *
   * @param session of a page, or an empty text for the browser
   */
  JsonNode call(String session, String method, Map<String, ?> parameters) {
    int number = numbers.incrementAndGet();
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("id", number);
    message.put("method", method);
    message.put("params", parameters);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    var answer = new CompletableFuture<JsonNode>();
    calls.put(number, answer);
    socket.sendText(JSON.writeValueAsString(message), true).join();
    return answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  /** What was told of a page so far by events of a name. */
  List<JsonNode> events(String session, String method) {
    synchronized (events) {
      return events.stream()
          .filter(event -> event.path("sessionId").asString("").equals(session))
          .filter(event -> event.get("method").stringValue().equals(method))
          .map(event -> event.get("params"))
          .toList();
    }
  }

  /** Waits until an event of a name was told of a page. */
  void await(String session, String method) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    synchronized (events) {
      while (events(session, method).isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new IllegalStateException("no " + method + " within " + SECONDS + " s");
        }
        events.wait(left);
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
  }
}
