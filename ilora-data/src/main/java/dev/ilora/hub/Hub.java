package dev.ilora.hub;

import dev.ilora.Printable;
import dev.ilora.files.JsonFields;
import dev.ilora.http.Answer;
import dev.ilora.http.DownloadException;
import dev.ilora.http.Web;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The hub's HTTP interface, as far as it is needed. */
final class Hub {
  private static final int SUCCESSES = 400;
  private static final int MOST_BYTES = 64 << 20;
  private static final int ATTEMPTS = 3;
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final JsonMapper JSON = new JsonMapper();

  private final URI endpoint;
  private final Web web;
  private final Refusal refusal;

  Hub(URI endpoint, Optional<Token> token, Web web) {
    this.endpoint = endpoint;
    this.web = token.map(known -> web.withToken(endpoint, known.text())).orElse(web);
    this.refusal = new Refusal(endpoint, token);
  }

  /**
   * A model at one commit.
   *
   * @param commit its hash
   * @param files paths of all files
   */
  record Listing(String commit, List<String> files) {}

  /** Sends requests with the user's token. */
  Web web() {
    return web;
  }

  /** What an answer to a request for a file means. */
  DownloadException refusal(ModelName model, HubFile file, Answer answer) {
    return refusal.ofFile(model, file.name(), answer);
  }

  /**
   * Which files a model has.
   *
   * @throws DownloadException if the hub refuses, or the answer is not what a hub says
   */
  Listing listing(ModelName model) {
    URI address =
        at(Stream.of("api", "models", model.owner(), model.name(), "revision", model.revision()));
    String text = text(address, model);
    try {
      JsonNode answer = JSON.readTree(text);
      String commit = JsonFields.key(answer, "sha");
      if (!COMMIT.matcher(commit).matches()) {
        throw new IllegalArgumentException("'sha' is no hash of a commit");
      }
      JsonNode siblings = JsonFields.required(answer, "siblings");
      return new Listing(
          commit, siblings.valueStream().map(one -> JsonFields.key(one, "rfilename")).toList());
    } catch (JacksonException | IllegalArgumentException e) {
      throw new DownloadException(
          "%s: the answer is not that of a hub: %s; check HF_ENDPOINT and any proxy between"
              .formatted(address, Printable.text(JsonFields.shown(text.strip()))),
          e);
    }
  }

  private String text(URI address, ModelName model) {
    for (int attempt = 1; ; attempt++) {
      try (Answer answer = web.get(address, Map.of("Accept", "application/json"))) {
        if (answer.status() >= SUCCESSES) {
          throw refusal.ofModel(model, answer);
        }
        return new String(answer.body().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw new DownloadException("%s: %s; try again".formatted(address, e.getMessage()), e);
        }
      }
    }
  }

  /**
   * What the hub says of a file.
   *
   * @throws DownloadException if it refuses, or says no checksum or size
   */
  HubFile describe(ModelName model, String commit, String name) throws IOException {
    URI address =
        at(
            Stream.concat(
                Stream.of(model.owner(), model.name(), "resolve", commit),
                Stream.of(name.split("/"))));
    try (Answer answer = web.head(address)) {
      if (answer.status() >= SUCCESSES) {
        throw refusal.ofFile(model, name, answer);
      }
      requireCommit(address, answer, commit);
      return new HubFile(name, address, etag(address, answer), size(address, answer));
    }
  }

  private static void requireCommit(URI address, Answer answer, String commit) {
    String found = answer.headerOnTheWay("X-Repo-Commit").orElse(commit);
    if (!found.equals(commit)) {
      throw new DownloadException(
          "%s: is of commit %s, expected %s; try again"
              .formatted(address, Printable.text(found), commit));
    }
  }

  private static String etag(URI address, Answer answer) {
    String said = answer.headerOnTheWay("X-Linked-Etag").or(() -> answer.header("ETag")).orElse("");
    String etag = said.replaceFirst("^W/", "").replace("\"", "");
    if (!HASH.matcher(etag).matches()) {
      throw new DownloadException(
          "%s: the hub says no checksum (ETag '%s'), so it cannot be checked; is HF_ENDPOINT right?"
              .formatted(address, Printable.text(said)));
    }
    return etag;
  }

  private static long size(URI address, Answer answer) {
    String said =
        answer.headerOnTheWay("X-Linked-Size").or(() -> answer.header("Content-Length")).orElse("");
    if (!said.matches("\\d{1,18}")) {
      throw new DownloadException(
          "%s: the hub does not say how large the file is ('%s'); check HF_ENDPOINT"
              .formatted(address, Printable.text(said)));
    }
    return Long.parseLong(said);
  }

  private URI at(Stream<String> parts) {
    String path =
        parts
            .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/"));
    return URI.create(endpoint + "/" + path);
  }
}
