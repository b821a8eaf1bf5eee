package dev.ilora.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.RunContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code DownloaderTest} does not show. */
class PartialFileTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  private final Interruption interruption = Interruption.never();
  private final CountDownLatch end = new CountDownLatch(1);
  private byte[] content = new byte[100_000];
  private int sentAtOnce = Integer.MAX_VALUE;
  private boolean stalls;
  private int requests;
  private LocalServer server;
  private Web web;
  private Path part;

  @BeforeEach
  void serve() throws IOException {
    new Random(1).nextBytes(content);
    server = new LocalServer(this::send);
    part = folder.resolve("part");
    web = new Web(new RunContext(Progress.NONE, interruption, InstantSource.system()));
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.close();
  }

  private void send(HttpExchange exchange) throws IOException {
    requests++;
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (range != null) {
      String sent = "bytes %s-%s/%s".formatted(from, content.length - 1, content.length);
      exchange.getResponseHeaders().set("Content-Range", sent);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
    exchange.getResponseBody().write(content, from, Math.min(sentAtOnce, content.length - from));
    exchange.getResponseBody().flush();
    if (stalls) {
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.close();
  }

  private void fetch(PartialFile.Listener listener) throws IOException {
    URI address = server.at("/file");
    new PartialFile(web, address, part)
        .fetch(listener, answer -> new DownloadException("status " + answer.status()));
  }

  @Test
  void aLongDownloadMayBeCutManyTimes() throws IOException {
    content = new byte[80 * MIB];
    new Random(2).nextBytes(content);
    sentAtOnce = 17 * MIB;
    fetch((_, _) -> {});
    assertArrayEquals(content, Files.readAllBytes(part));
    assertEquals(5, requests);
  }

  @Test
  @Timeout(20)
  void aConnectionOnWhichNothingComesIsGivenUp() {
    stalls = true;
    sentAtOnce = 1000;
    web = web.withPatience(Duration.ofSeconds(1));
    String message = assertThrows(DownloadException.class, () -> fetch((_, _) -> {})).getMessage();
    assertEquals(
        server.at("/file")
            + ": nothing came for 1 s; 3000 bytes are kept, run the command again to continue",
        message);
    assertEquals(3, requests);
  }

  @Test
  @Timeout(20)
  void theUserCanStopAConnectionOnWhichNothingComes() throws IOException {
    stalls = true;
    sentAtOnce = 70_000;
    assertThrows(
        InterruptedRunException.class,
        () ->
            fetch(
                (done, _) -> {
                  if (done == 70_000) {
                    interruption.request();
                  }
                }));
    assertEquals(70_000, Files.size(part));
    assertEquals(1, requests);
  }

  @Test
  void aFullDiskIsToldAtOnce() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "needs /dev/full");
    Files.createSymbolicLink(part, full);
    String message = assertThrows(DownloadException.class, () -> fetch((_, _) -> {})).getMessage();
    assertEquals(
        part
            + ": cannot be written: No space left on device; 0 bytes are kept, run the command"
            + " again to continue",
        message);
    assertEquals(1, requests);
  }

  @Test
  void aPlaceThatCannotBeWrittenIsToldAtOnce() throws IOException {
    Files.createDirectory(part);
    assertThrows(FileSystemException.class, () -> fetch((_, _) -> {}));
    assertEquals(1, requests);
  }

  @Test
  void tellsHowFarItIsFromWhereItStopped() throws IOException {
    Files.write(part, java.util.Arrays.copyOf(content, 60_000));
    long[] first = {-1};
    fetch(
        (done, total) -> {
          assertEquals(content.length, total);
          first[0] = first[0] < 0 ? done : first[0];
        });
    assertTrue(first[0] > 60_000, "began at " + first[0]);
    assertArrayEquals(content, Files.readAllBytes(part));
  }
}
