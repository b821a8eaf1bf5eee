package dev.ilora.data.download;

import dev.ilora.Progress;
import dev.ilora.files.Hashes;
import dev.ilora.files.MakingLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches the data sets that their makers publish: downloads to a {@code .part} file, continues one
 * that is there, verifies the checksum and unpacks. Nothing appears under its final name before it
 * is whole.
 *
 * <p>The data stay their makers' with their licences; none is part of this project.
 */
public final class Downloader {
  /** Where GroupLens publishes. */
  public static final URI OFFICIAL = URI.create("https://files.grouplens.org/datasets/");

  private static final int ATTEMPTS = 3;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final Pattern MD5 = Pattern.compile("\\b[0-9a-fA-F]{32}\\b");
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-.*");

  private final URI base;
  private final Progress progress;
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  /**
   * Makes a downloader.
   *
   * @param base address of the folder that holds {@code movielens/} and {@code hetrec2011/},
   *     usually {@link #OFFICIAL}; ends with a slash
   */
  public Downloader(URI base, Progress progress) {
    if (!base.toString().endsWith("/")) {
      throw new IllegalArgumentException("base address must end with '/': " + base);
    }
    this.base = base;
    this.progress = progress;
  }

  /**
   * Returns the folder with an archive's files, {@code folder/LABEL}; fetches it unless it is
   * there.
   *
   * @throws DownloadException if the server refuses, the connection breaks (what came is kept for
   *     the next call), the checksum is wrong (what came is deleted), or the archive is unsafe
   */
  public Path fetch(Archive archive, Path folder) throws IOException {
    Path target = folder.resolve(archive.label());
    Path part = folder.resolve(archive.label() + ".zip.part");
    if (Files.isDirectory(target) && !Files.exists(part)) {
      return target;
    }
    Files.createDirectories(folder);
    try (var _ = MakingLock.refusing(target)) {
      if (!Files.isDirectory(target)) {
        URI address = base.resolve(archive.path());
        download(address, part, archive.label());
        verify(address, archive, part);
        Archives.unpack(part, target);
      }
      Files.deleteIfExists(part);
      return target;
    }
  }

  private void download(URI address, Path part, String label) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        request(address, part, label);
        return;
      } catch (IOException e) {
        long kept = Files.exists(part) ? Files.size(part) : 0;
        if (attempt == ATTEMPTS) {
          throw new DownloadException(
              "%s: %s; %s bytes are kept, run the command again to continue"
                  .formatted(address, e.getMessage(), kept),
              e);
        }
      }
    }
  }

  private void request(URI address, Path part, String label) throws IOException {
    long kept = Files.exists(part) ? Files.size(part) : 0;
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    if (kept > 0) {
      request.header("Range", "bytes=" + kept + "-");
    }
    HttpResponse<InputStream> response = send(request.build());
    try (InputStream body = response.body()) {
      switch (response.statusCode()) {
        case OK -> copy(response, body, part, 0, label);
        case PARTIAL -> {
          requireStart(address, response, kept);
          copy(response, body, part, kept, label);
        }
        case RANGE_NOT_SATISFIABLE -> {
          // All of it may be there already: the checksum decides.
          if (!wholeLength(response, kept)) {
            Files.delete(part);
            throw new IOException("what was kept is longer than the file");
          }
        }
        default -> throw new DownloadException(address + ": HTTP status " + response.statusCode());
      }
    }
  }

  private static boolean wholeLength(HttpResponse<?> response, long kept) {
    String range = response.headers().firstValue("Content-Range").orElse("");
    return range.equals("bytes */" + kept);
  }

  private static void requireStart(URI address, HttpResponse<?> response, long kept) {
    String range = response.headers().firstValue("Content-Range").orElse("");
    Matcher matcher = CONTENT_RANGE.matcher(range);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) != kept) {
      throw new DownloadException(
          "%s: asked for bytes from %s, was sent '%s'".formatted(address, kept, range));
    }
  }

  private void copy(HttpResponse<?> response, InputStream body, Path part, long from, String label)
      throws IOException {
    long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    long total = length < 0 ? 0 : from + length;
    StandardOpenOption how =
        from > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    long done = from;
    try (OutputStream out =
        Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        out.write(buffer, 0, n);
        done += n;
        progress.update("download " + label, done, total, (done >> 20) + " MiB");
      }
    }
    if (total > 0 && done < total) {
      throw new IOException("connection closed after " + done + " of " + total + " bytes");
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DownloadException(request.uri() + ": interrupted", e);
    }
  }

  private void verify(URI address, Archive archive, Path part) throws IOException {
    String checksum =
        archive.checksum().isEmpty() ? "MD5:" + published(address) : archive.checksum();
    String[] expected = checksum.split(":");
    MessageDigest digest = Hashes.digest(expected[0]);
    try (InputStream in = Files.newInputStream(part)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    String found = Hashes.hex(digest.digest());
    if (!found.equals(expected[1])) {
      Files.delete(part);
      throw new DownloadException(
          "%s: %s is %s, expected %s; the download was deleted, try again"
              .formatted(address, expected[0], found, expected[1]));
    }
  }

  private String published(URI address) throws IOException {
    URI beside = URI.create(address + ".md5");
    HttpResponse<InputStream> response = send(HttpRequest.newBuilder(beside).build());
    try (InputStream body = response.body()) {
      Matcher matcher = MD5.matcher(new String(body.readNBytes(1024), StandardCharsets.US_ASCII));
      if (response.statusCode() != OK || !matcher.find()) {
        throw new DownloadException(
            beside + ": no checksum there, HTTP status " + response.statusCode());
      }
      return matcher.group().toLowerCase(Locale.ROOT);
    }
  }
}
