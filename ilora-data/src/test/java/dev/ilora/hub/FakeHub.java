package dev.ilora.hub;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.ilora.files.Hashes;
import dev.ilora.files.JsonLines;
import dev.ilora.http.Checksum;
import dev.ilora.http.LocalServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A hub with one model, {@code org/tiny}, that answers as the real one does: small files itself,
 * large ones by a redirect to a storage with another address.
 */
public final class FakeHub implements AutoCloseable {
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** Contents by name; those of safetensors and GGUF files are large files. */
  public final Map<String, byte[]> files = new LinkedHashMap<>();

  /** Method and path of each request, and the storage's with their range. */
  public final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  /** Answers in the place of the usual ones, by the start of method and path. */
  final Map<String, Refused> refused = new HashMap<>();

  /** What the storage sends in the place of what it should. */
  Optional<byte[]> sent = Optional.empty();

  /** What the interface answers in the place of the model. */
  Optional<String> said = Optional.empty();

  /** Bytes that the storage sends before it closes the connection. */
  public int cutAfter = Integer.MAX_VALUE;

  /** Runs when the storage is asked. */
  volatile Runnable beforeSending = () -> {};

  /** Runs when the storage has sent what it sends, while the connection is open. */
  public volatile Runnable afterSending = () -> {};

  /** Tokens that came, hub and storage apart. */
  final List<String> tokens = Collections.synchronizedList(new ArrayList<>());

  private final LocalServer storage;
  private final LocalServer hub;

  record Refused(int status, Map<String, String> headers) {}

  /** Starts one. */
  public FakeHub() throws IOException {
    files.put("README.md", bytes("read me"));
    files.put("config.json", bytes("{}"));
    files.put("tokenizer.json", bytes("{\"model\": {}}"));
    files.put("model.safetensors", bytes("weights ".repeat(10_000)));
    files.put("pytorch_model.bin", bytes("pickle"));
    files.put("onnx/model.onnx", bytes("onnx"));
    storage = new LocalServer(this::store);
    hub = new LocalServer(this::answer);
  }

  /** Its address. */
  public URI address() {
    return hub.address();
  }

  /** Settings that use it. */
  public HubSettings settings(Path home, String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HF_ENDPOINT", address().toString());
    environment.put("HF_HOME", home.toString());
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return new HubSettings(environment, home);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What the cache calls a content. */
  String etag(String name, Path scratch) throws IOException {
    byte[] content = files.get(name);
    if (isLarge(name)) {
      return Hashes.sha256(content);
    }
    Path file = Files.write(scratch.resolve("etag"), content);
    return Checksum.gitBlob(content.length, "").found(file);
  }

  private static boolean isLarge(String name) {
    return name.endsWith(".safetensors") || name.endsWith(".gguf");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    String request = exchange.getRequestMethod() + " " + path;
    requests.add(request);
    tokens.add("hub " + exchange.getRequestHeaders().getFirst("Authorization"));
    Optional<Refused> refusal =
        refused.entrySet().stream()
            .filter(entry -> request.startsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
    if (refusal.isPresent()) {
      refusal.get().headers().forEach(exchange.getResponseHeaders()::set);
      reply(exchange, refusal.get().status(), new byte[0]);
    } else if (path.startsWith("/api/models/org/tiny/revision/")) {
      reply(exchange, 200, bytes(said.orElseGet(this::listing)));
    } else if (path.startsWith("/org/tiny/resolve/" + COMMIT + "/")) {
      resolve(exchange, path.substring(("/org/tiny/resolve/" + COMMIT + "/").length()));
    } else {
      reply(exchange, 404, new byte[0]);
    }
  }

  private String listing() {
    return JsonLines.line(
        Map.of(
            "sha",
            COMMIT,
            "siblings",
            files.keySet().stream().map(name -> Map.of("rfilename", name)).toList()));
  }

  private void resolve(HttpExchange exchange, String name) throws IOException {
    byte[] content = files.get(name);
    Headers headers = exchange.getResponseHeaders();
    headers.set("X-Repo-Commit", COMMIT);
    if (isLarge(name)) {
      headers.set("ETag", "\"of the answer itself\"");
      headers.set("X-Linked-Etag", "\"" + Hashes.sha256(content) + "\"");
      headers.set("X-Linked-Size", Integer.toString(content.length));
      headers.set("Location", storage.at("/" + name + "?signature=secret").toString());
      reply(exchange, 302, new byte[0]);
    } else {
      Path scratch = Files.createTempDirectory("hub");
      headers.set("ETag", "\"" + etag(name, scratch) + "\"");
      Files.delete(scratch.resolve("etag"));
      Files.delete(scratch);
      reply(exchange, 200, content);
    }
  }

  private void store(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add("storage " + exchange.getRequestURI().getPath() + " " + range);
    tokens.add("storage " + exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] content =
        sent.orElseGet(() -> files.get(exchange.getRequestURI().getPath().substring(1)));
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    beforeSending.run();
    if (from > 0) {
      String part = "bytes %s-%s/%s".formatted(from, content.length - 1, content.length);
      exchange.getResponseHeaders().set("Content-Range", part);
    }
    reply(exchange, from > 0 ? 206 : 200, content, from, cutAfter, afterSending);
  }

  private static void reply(HttpExchange exchange, int status, byte[] content) throws IOException {
    reply(exchange, status, content, 0, content.length, () -> {});
  }

  private static void reply(
      HttpExchange exchange, int status, byte[] content, int from, int most, Runnable sent)
      throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      if (status == 200) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
      }
      exchange.sendResponseHeaders(status, -1);
    } else {
      int length = content.length - from;
      exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
      if (length > 0) {
        exchange.getResponseBody().write(content, from, Math.min(most, length));
        exchange.getResponseBody().flush();
      }
      sent.run();
    }
    exchange.close();
  }

  @Override
  public void close() {
    hub.close();
    storage.close();
  }
}
