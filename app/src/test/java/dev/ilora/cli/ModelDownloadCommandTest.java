package dev.ilora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.hub.FakeHub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** In a process of its own, because the settings are variables of its environment. */
class ModelDownloadCommandTest {
  @TempDir Path folder;

  private FakeHub hub;
  private String out;
  private String err;

  @BeforeEach
  void serve() throws IOException {
    hub = new FakeHub();
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private Process start(String... args) throws IOException {
    ProcessBuilder builder = Program.with(args);
    builder.environment().keySet().removeAll(List.of("HF_TOKEN", "HF_HUB_CACHE"));
    builder.environment().put("HF_ENDPOINT", hub.address().toString());
    builder.environment().put("HF_HOME", folder.toString());
    return builder.start();
  }

  private int run(String... args) throws Exception {
    return end(start(args));
  }

  private int end(Process process) throws Exception {
    err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor();
  }

  @Test
  void printsWhatTheLanguageModelIsLoadedFrom() throws Exception {
    assertEquals(0, run("model", "download", "org/tiny", "--quiet"), () -> err);
    Path snapshot = folder.resolve("hub/models--org--tiny/snapshots").resolve(FakeHub.COMMIT);
    assertEquals(snapshot + "\n", out);
    assertEquals("", err);
    assertEquals(0, run("model", "download", "org/tiny", "--json"), () -> err);
    JsonNode json = new JsonMapper().readTree(out);
    assertEquals(snapshot.toString(), json.get("path").asString());
    assertEquals(FakeHub.COMMIT, json.get("commit").asString());
    assertEquals(3, json.get("files").size());
    assertEquals(0, json.get("fetchedBytes").asLong());
  }

  @Test
  void saysWhatComesNext() throws Exception {
    hub.files.put("a.gguf", new byte[4]);
    String target = folder.resolve("a model").toString();
    assertEquals(
        0, run("model", "download", "org/tiny", "--file", "*.gguf", "--out", target), () -> err);
    assertEquals(target + "/a.gguf\n", out);
    assertTrue(
        err.endsWith(
            """
            org/tiny at commit %s: 1 file, 4 bytes fetched
            next: ilora train recipes/ilora.yaml --llm '%s/a.gguf'
            """
                .formatted(FakeHub.COMMIT, target)),
        err);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // a process cannot be asked to end there
  void aSignalKeepsWhatCameAndTheSameCommandGoesOn() throws Exception {
    hub.cutAfter = 40_000;
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    hub.afterSending =
        () -> {
          sent.countDown();
          await(ended);
        };
    Process process = start("model", "download", "org/tiny");
    await(sent);
    awaitPart();
    process.toHandle().destroy(); // which leaves its streams open
    assertEquals(ExitCode.INTERRUPTED, end(process));
    assertTrue(
        err.endsWith(
            "ilora: Stopped; what came is kept, and the same command goes on from there\n"),
        err);
    ended.countDown();
    hub.cutAfter = Integer.MAX_VALUE;
    assertEquals(0, run("model", "download", "org/tiny"), () -> err);
    assertTrue(hub.requests.contains("storage /model.safetensors bytes=40000-"));
  }

  /** Until the program has written what was sent. */
  private void awaitPart() throws Exception {
    Path blobs = folder.resolve("hub/models--org--tiny/blobs");
    for (int i = 0; i < 500; i++) {
      try (var files = Files.newDirectoryStream(blobs, "*.incomplete")) {
        for (Path part : files) {
          if (Files.size(part) == 40_000) {
            return;
          }
        }
      }
      Thread.sleep(20);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void twoProcessesAtOnceFetchOnce() throws Exception {
    Process one = start("model", "download", "org/tiny");
    Process two = start("model", "download", "org/tiny");
    assertEquals(0, end(one), () -> err);
    assertEquals(0, end(two), () -> err);
    assertEquals(1, hub.requests.stream().filter(request -> request.startsWith("storage")).count());
  }

  @Test
  void anErrorIsOneLine() throws Exception {
    assertEquals(1, run("model", "download", "org/other"));
    assertEquals(
        "ilora: org/other: no such model at %s: check the name\n".formatted(hub.address()), err);
    assertEquals(2, run("model", "download", "tiny"));
    assertEquals(
        "ilora: 'tiny' is no model of the hub: expected ORG/NAME or ORG/NAME@REVISION, such as"
            + " Qwen/Qwen3-0.6B\n",
        err);
  }
}
