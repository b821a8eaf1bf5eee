package dev.ilora.data.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ilora.Progress;
import dev.ilora.files.Hashes;
import dev.ilora.http.DownloadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on this machine; ml-latest-small, because its checksum is the published one. */
class DownloaderTest {
  @TempDir Path folder;

  private final List<String> requests = new ArrayList<>();
  private byte[] archive;
  private String checksum;
  private boolean ranges = true;
  private int cutAfter = -1;
  private HttpServer server;
  private Downloader downloader;

  @BeforeEach
  void serve() throws IOException {
    archive = zip("ml-latest-small/movies.csv", "ml-latest-small/sub/links.csv");
    checksum = md5(archive) + "  ml-latest-small.zip\n";
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/data/movielens/ml-latest-small.zip", this::archive);
    server.createContext("/data/movielens/ml-latest-small.zip.md5", this::checksum);
    server.start();
    int port = server.getAddress().getPort();
    downloader = new Downloader(URI.create("http://127.0.0.1:" + port + "/data/"), Progress.NONE);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void archive(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    synchronized (requests) {
      requests.add(range == null ? "all" : range);
    }
    int from = range != null && ranges ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
    if (from >= archive.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + archive.length);
      exchange.sendResponseHeaders(416, -1);
      exchange.close();
      return;
    }
    if (from > 0) {
      String sent = "bytes %d-%d/%d".formatted(from, archive.length - 1, archive.length);
      exchange.getResponseHeaders().set("Content-Range", sent);
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, archive.length - from);
    int to = cutAfter >= 0 ? Math.min(archive.length, from + cutAfter) : archive.length;
    try (var body = exchange.getResponseBody()) {
      body.write(archive, from, to - from);
      body.flush();
    }
  }

  private void checksum(HttpExchange exchange) throws IOException {
    byte[] text = checksum.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, text.length);
    try (var body = exchange.getResponseBody()) {
      body.write(text);
    }
  }

  private static byte[] zip(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] noise = new byte[50_000];
    new SplittableRandom(1).nextBytes(noise);
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(noise);
      }
    }
    return bytes.toByteArray();
  }

  private static String md5(byte[] bytes) {
    return Hashes.hex(Hashes.digest("MD5").digest(bytes));
  }

  private Path part() {
    return folder.resolve("ml-latest-small.zip.part");
  }

  private Path fetch() throws IOException {
    return downloader.fetch(Archive.ML_LATEST_SMALL, folder);
  }

  private String refusal() {
    String message = assertThrows(DownloadException.class, this::fetch).getMessage();
    return message.replaceFirst("http://127.0.0.1:\\d+", "");
  }

  private void assertWhole() throws IOException {
    Path target = folder.resolve("ml-latest-small");
    assertEquals(50_000, Files.size(target.resolve("movies.csv")));
    assertEquals(50_000, Files.size(target.resolve("sub/links.csv")));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(target), files.toList());
    }
  }

  @Test
  void downloadsVerifiesAndUnpacksOnce() throws IOException {
    assertEquals(folder.resolve("ml-latest-small"), fetch());
    assertWhole();
    fetch();
    assertEquals(List.of("all"), requests);
    Files.writeString(part(), "left by a kill between unpacking and deleting");
    fetch();
    assertWhole();
    assertEquals(List.of("all"), requests);
  }

  @Test
  void continuesWhatIsThere() throws IOException {
    Files.write(part(), Arrays.copyOf(archive, 30_000));
    fetch();
    assertWhole();
    assertEquals(List.of("bytes=30000-"), requests);
  }

  @Test
  void startsAgainWhereTheServerCannotContinue() throws IOException {
    ranges = false;
    Files.write(part(), Arrays.copyOf(archive, 30_000));
    fetch();
    assertWhole();
    assertEquals(List.of("bytes=30000-"), requests);
  }

  @Test
  void takesAPartThatIsWhole() throws IOException {
    Files.write(part(), archive);
    fetch();
    assertWhole();
  }

  @Test
  void startsAgainWhenTooMuchIsThere() throws IOException {
    Files.write(part(), Arrays.copyOf(archive, archive.length + 10));
    fetch();
    assertWhole();
    assertEquals(2, requests.size());
  }

  @Test
  void continuesAfterABrokenConnection() throws IOException {
    cutAfter = archive.length / 2;
    fetch();
    assertWhole();
    assertEquals("all", requests.get(0));
    assertTrue(requests.get(1).startsWith("bytes="), requests.toString());
  }

  @Test
  void keepsWhatCameWhenTheConnectionKeepsBreaking() throws IOException {
    cutAfter = 1000;
    String message = refusal();
    assertTrue(message.startsWith("/data/movielens/ml-latest-small.zip: "), message);
    assertTrue(message.endsWith(" bytes are kept, run the command again to continue"), message);
    assertEquals(3, requests.size());
    assertTrue(Files.exists(part()));
    cutAfter = -1;
    fetch();
    assertWhole();
  }

  @Test
  void refusesAWrongChecksumAndDeletesTheFile() {
    checksum = "MD5 (ml-latest-small.zip) = 00000000000000000000000000000000\n";
    assertEquals(
        "/data/movielens/ml-latest-small.zip: MD5 is "
            + md5(archive)
            + ", expected 00000000000000000000000000000000; the download was deleted, try again",
        refusal());
    assertFalse(Files.exists(part()));
    assertFalse(Files.exists(folder.resolve("ml-latest-small")));
  }

  @Test
  void reportsWhatIsNotThere() {
    DownloadException e =
        assertThrows(DownloadException.class, () -> downloader.fetch(Archive.ML_1M, folder));
    assertTrue(
        e.getMessage().endsWith("/data/movielens/ml-1m.zip: HTTP status 404"), e.getMessage());
    checksum = "none";
    assertEquals(
        "/data/movielens/ml-latest-small.zip.md5: no checksum there, HTTP status 200", refusal());
  }

  @Test
  void refusesArchivesThatLeaveTheFolder() throws IOException {
    archive = zip("ml/movies.csv", "../../evil.csv");
    checksum = md5(archive);
    assertEquals(part() + ": entry '../../evil.csv' would leave the folder", refusal());
    assertFalse(Files.exists(folder.resolve("ml-latest-small")));
    assertFalse(Files.exists(folder.getParent().resolve("evil.csv")));
  }

  @Test
  void refusesWhatIsNoArchive() throws IOException {
    archive = "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    checksum = md5(archive);
    assertEquals(
        part() + ": not a zip archive, or damaged or cut short: zip END header not found",
        refusal());
  }

  @Test
  void namesItsChoices() {
    assertEquals(
        "unknown archive 'ml-10m'; choices: ml-100k, ml-1m, ml-latest-small, ml-20m, ml-25m,"
            + " ml-32m, lastfm",
        assertThrows(IllegalArgumentException.class, () -> Archive.parse("ml-10m")).getMessage());
  }
}
