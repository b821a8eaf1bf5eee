package dev.ilora.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.RunContext;
import dev.ilora.config.ConfigException;
import dev.ilora.files.OtherProcess;
import dev.ilora.http.DownloadException;
import dev.ilora.http.Web;
import dev.ilora.hub.ModelDownload.Fetched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ModelDownloadTest {
  private static final String API = "GET /api/models/org/tiny/revision/";
  private static final String RESOLVE = "/org/tiny/resolve/" + FakeHub.COMMIT + "/";
  private static final List<String> USUAL =
      List.of("config.json", "tokenizer.json", "model.safetensors");

  @TempDir Path folder;

  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private Interruption interruption = Interruption.never();
  private FakeHub hub;
  private HubSettings settings;
  private long free = Long.MAX_VALUE;

  @BeforeEach
  void serve() throws IOException {
    hub = new FakeHub();
    settings = hub.settings(folder.resolve("home"));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private Fetched fetch(String model, String... globs) throws IOException {
    return fetch(model, Optional.empty(), globs);
  }

  private Fetched fetch(String model, Optional<Path> out, String... globs) throws IOException {
    RunContext context =
        new RunContext(
            (what, done, total, detail) ->
                told.add("%s %s/%s %s".formatted(what, done, total, detail).strip()),
            interruption,
            InstantSource.system());
    Web web = new Web(context).withPause(_ -> {});
    return new ModelDownload(settings, web, _ -> free)
        .fetch(ModelName.parse(model), List.of(globs), out);
  }

  private String refusal(String model, String... globs) {
    String message = assertThrows(DownloadException.class, () -> fetch(model, globs)).getMessage();
    return message.replace(hub.address().toString(), "HUB");
  }

  private void refuse(String request, int status, String... headers) {
    Map<String, String> map = headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]);
    hub.refused.put(request, new FakeHub.Refused(status, map));
  }

  private Path root() {
    return folder.resolve("home/hub/models--org--tiny");
  }

  private Path snapshot() {
    return root().resolve("snapshots").resolve(FakeHub.COMMIT);
  }

  private Path weightsPart() throws IOException {
    return root().resolve("blobs").resolve(hub.etag("model.safetensors", folder) + ".incomplete");
  }

  private void assertWhole(Path files) throws IOException {
    for (String name : USUAL) {
      assertArrayEquals(hub.files.get(name), Files.readAllBytes(files.resolve(name)), name);
    }
  }

  private long storageRequests() {
    return hub.requests.stream().filter(request -> request.startsWith("storage")).count();
  }

  @Test
  void theCacheIsThatOfTheHubsOtherTools() throws IOException {
    Fetched fetched = fetch("org/tiny");
    assertEquals(snapshot(), fetched.folder());
    assertEquals(snapshot(), fetched.languageModel());
    assertEquals(FakeHub.COMMIT, fetched.commit());
    assertEquals(USUAL, fetched.files());
    assertEquals(2 + 13 + 80_000, fetched.fetchedBytes());
    assertWhole(snapshot());
    for (String name : USUAL) {
      assertEquals(
          Path.of("../../blobs", hub.etag(name, folder)),
          Files.readSymbolicLink(snapshot().resolve(name)));
    }
    assertEquals(FakeHub.COMMIT, Files.readString(root().resolve("refs/main")));
    try (var all = Files.walk(folder.resolve("home"))) {
      assertEquals(
          List.of(), all.filter(path -> path.getFileName().toString().startsWith(".")).toList());
    }
  }

  @Test
  void whatIsThereIsNotFetched() throws IOException {
    fetch("org/tiny");
    hub.requests.clear();
    assertEquals(0, fetch("org/tiny").fetchedBytes());
    assertEquals(List.of(API + "main"), hub.requests);
  }

  @Test
  void whatAnotherToolFetchedForAnotherCommitIsFound() throws IOException {
    Path blobs = Files.createDirectories(root().resolve("blobs"));
    Files.write(
        blobs.resolve(hub.etag("model.safetensors", folder)), hub.files.get("model.safetensors"));
    assertEquals(15, fetch("org/tiny").fetchedBytes());
    assertWhole(snapshot());
    assertEquals(0, storageRequests());
  }

  @Test
  void aBlobThatIsTooShortIsReplaced() throws IOException {
    Path blobs = Files.createDirectories(root().resolve("blobs"));
    Files.writeString(blobs.resolve(hub.etag("model.safetensors", folder)), "short");
    fetch("org/tiny");
    assertWhole(snapshot());
  }

  @Test
  void aRevisionHasItsOwnReference() throws IOException {
    fetch("org/tiny@refs/pr/1");
    assertTrue(hub.requests.contains(API + "refs%2Fpr%2F1"), hub.requests.toString());
    assertEquals(FakeHub.COMMIT, Files.readString(root().resolve("refs/refs/pr/1")));
    fetch("org/tiny@" + FakeHub.COMMIT);
    assertFalse(Files.exists(root().resolve("refs").resolve(FakeHub.COMMIT)));
  }

  @Test
  void goesOnWithWhatAnEarlierProcessLeft() throws IOException {
    Files.createDirectories(root().resolve("blobs"));
    Files.write(weightsPart(), Arrays.copyOf(hub.files.get("model.safetensors"), 50_000));
    assertEquals(15 + 30_000, fetch("org/tiny").fetchedBytes());
    assertTrue(hub.requests.contains("storage /model.safetensors bytes=50000-"));
    assertWhole(snapshot());
  }

  @Test
  void takesWhatAnEarlierProcessFinishedAndDidNotPlace() throws IOException {
    Files.createDirectories(root().resolve("blobs"));
    Files.write(weightsPart(), hub.files.get("model.safetensors"));
    fetch("org/tiny");
    assertEquals(0, storageRequests());
    assertWhole(snapshot());
  }

  @Test
  void goesOnAfterAConnectionWasCut() throws IOException {
    hub.cutAfter = 45_000;
    // a client may forget what it has not read when a connection is cut
    hub.afterSending = () -> LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    fetch("org/tiny");
    assertTrue(hub.requests.contains("storage /model.safetensors bytes=45000-"));
    assertWhole(snapshot());
  }

  @Test
  void keepsWhatCameWhereTheConnectionKeepsBreaking() throws IOException {
    hub.cutAfter = 100;
    String message = refusal("org/tiny");
    assertTrue(message.startsWith("HUB" + RESOLVE + "model.safetensors: "), message);
    assertTrue(message.endsWith(" bytes are kept, run the command again to continue"), message);
    assertFalse(message.contains("secret"), message);
    assertEquals(3, storageRequests());
    assertTrue(Files.exists(weightsPart()));
    assertFalse(Files.exists(root().resolve("refs/main")));
    hub.cutAfter = Integer.MAX_VALUE;
    fetch("org/tiny");
    assertWhole(snapshot());
  }

  @Test
  void aWrongChecksumDeletesTheFileAndNamesIt() throws IOException {
    byte[] wrong = hub.files.get("model.safetensors").clone();
    wrong[7] ^= 1;
    hub.sent = Optional.of(wrong);
    String message = refusal("org/tiny");
    assertTrue(message.startsWith("HUB" + RESOLVE + "model.safetensors: SHA-256 is "), message);
    assertTrue(
        message.endsWith(
            ", expected %s; the download was deleted, try again"
                .formatted(hub.etag("model.safetensors", folder))),
        message);
    assertFalse(Files.exists(weightsPart()));
    assertFalse(Files.exists(snapshot().resolve("model.safetensors")));
  }

  @Test
  void smallFilesAreCheckedByTheNameThatGitGivesThem() throws IOException {
    Files.createDirectories(root().resolve("blobs"));
    Path part = root().resolve("blobs").resolve(hub.etag("config.json", folder) + ".incomplete");
    Files.writeString(part, "[]");
    String message = refusal("org/tiny");
    assertTrue(message.startsWith("HUB" + RESOLVE + "config.json: SHA-1 is "), message);
    assertFalse(Files.exists(part));
  }

  @Test
  void anEmptyFileIsAFile() throws IOException {
    hub.files.put("added_tokens.json", new byte[0]);
    fetch("org/tiny");
    assertEquals(0, Files.size(snapshot().resolve("added_tokens.json")));
  }

  @Test
  void ofTwoNamesForOneContentOneIsFetched() throws IOException {
    hub.files.put("copy.safetensors", hub.files.get("model.safetensors"));
    assertEquals(80_015, fetch("org/tiny").fetchedBytes());
    assertEquals(1, storageRequests());
    assertEquals(80_000, Files.size(snapshot().resolve("copy.safetensors")));
  }

  @Test
  void copiesIntoAFolderInPlaceOfTheCache() throws IOException {
    Path out = folder.resolve("out");
    assertEquals(out, fetch("org/tiny", Optional.of(out)).folder());
    assertWhole(out);
    assertTrue(
        Files.isRegularFile(out.resolve("config.json"), java.nio.file.LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.exists(root()));
    try (var files = Files.list(out)) {
      assertEquals(3, files.count());
    }
    assertEquals(0, fetch("org/tiny", Optional.of(out)).fetchedBytes());
    assertEquals(1, storageRequests());
    Files.writeString(out.resolve("config.json"), "[]");
    assertEquals(
        out.resolve("config.json")
            + ": is there with other content than the model's file: choose another folder, or move"
            + " it away",
        assertThrows(DownloadException.class, () -> fetch("org/tiny", Optional.of(out)))
            .getMessage());
  }

  @Test
  void aFolderTakesFromTheCacheWhatIsThere() throws IOException {
    fetch("org/tiny");
    Path out = folder.resolve("out");
    assertEquals(0, fetch("org/tiny", Optional.of(out)).fetchedBytes());
    assertWhole(out);
    assertEquals(1, storageRequests());
  }

  @Test
  void filesOfInnerFoldersAreLinkedFromThere() throws IOException {
    fetch("org/tiny", "onnx/*");
    Path name = snapshot().resolve("onnx/model.onnx");
    assertEquals(
        Path.of("../../../blobs", hub.etag("onnx/model.onnx", folder)),
        Files.readSymbolicLink(name));
    assertArrayEquals(hub.files.get("onnx/model.onnx"), Files.readAllBytes(name));
    fetch("org/tiny", Optional.of(folder.resolve("out")), "onnx/*");
    assertTrue(Files.isRegularFile(folder.resolve("out/onnx/model.onnx")));
  }

  @Test
  void aGgufFileIsItselfTheLanguageModel() throws IOException {
    hub.files.put("tiny-Q4_0.gguf", FakeHub.bytes("GGUF"));
    Fetched fetched = fetch("org/tiny", "*.gguf");
    assertEquals(snapshot().resolve("tiny-Q4_0.gguf"), fetched.languageModel());
    assertEquals(List.of("tiny-Q4_0.gguf"), fetched.files());
  }

  @Test
  void theTokenGoesToTheHubOnlyAndIsNeverShown() throws IOException {
    settings = hub.settings(folder.resolve("home"), "HF_TOKEN", "hf_secret");
    fetch("org/tiny");
    assertTrue(hub.tokens.contains("storage null"), hub.tokens.toString());
    assertFalse(hub.tokens.contains("storage Bearer hf_secret"));
    assertFalse(hub.tokens.contains("hub null"));
    assertFalse(told.toString().contains("hf_secret"));
  }

  @Test
  void tellsOfAllFilesTogetherHowFarItIs() throws IOException {
    hub.files.put("model.safetensors", new byte[3 << 20]);
    fetch("org/tiny");
    assertEquals("download org/tiny, MiB 4/4 model.safetensors", told.getLast());
    assertTrue(told.contains("download org/tiny, MiB 1/4 model.safetensors"), told.toString());
    assertEquals(
        1, told.stream().filter(text -> text.startsWith("download org/tiny, MiB 4/4")).count());
  }

  @Test
  @Timeout(20)
  void theUserCanStopItAndGoOn() throws IOException {
    hub.cutAfter = 45_000;
    hub.beforeSending = () -> interruption.request();
    assertEquals(
        "Stopped; what came is kept, and the same command goes on from there",
        assertThrows(InterruptedRunException.class, () -> fetch("org/tiny")).getMessage());
    interruption = Interruption.never();
    hub.beforeSending = () -> {};
    fetch("org/tiny");
    assertWhole(snapshot());
  }

  @Test
  void twoAtOnceFetchOnce() throws Exception {
    Callable<Fetched> one = () -> fetch("org/tiny");
    try (var pool = Executors.newFixedThreadPool(2)) {
      for (var result : pool.invokeAll(List.of(one, one))) {
        assertEquals(snapshot(), result.get().folder());
      }
    }
    assertEquals(1, storageRequests());
    assertWhole(snapshot());
  }

  @Test
  @Timeout(60)
  void waitsForAnotherProcess() throws Exception {
    try (OtherProcess other = OtherProcess.locking(root());
        var pool = Executors.newSingleThreadExecutor()) {
      var result = pool.submit(() -> fetch("org/tiny"));
      while (told.isEmpty()) {
        Thread.sleep(20);
      }
      assertTrue(told.getFirst().contains("is in use by process " + other.pid()), told.toString());
      other.kill();
      assertEquals(snapshot(), result.get().folder());
    }
  }

  @Test
  void asksForRoomBefore() {
    free = 79_000;
    assertEquals(
        "org/tiny: 1 MiB are missing, but %s has room for 0 MiB: make room there, or name another place with HF_HOME or --out"
            .formatted(root()),
        refusal("org/tiny"));
    assertEquals(0, storageRequests());
  }

  @Test
  void saysWhatToDoWithoutAToken() {
    refuse(API, 401);
    assertEquals(
        "org/tiny: no public model of this name: check the name, or set HF_TOKEN to a token that"
            + " may read it (HUB/settings/tokens)",
        refusal("org/tiny"));
  }

  @Test
  void saysWhichTokenIsWrong() throws IOException {
    refuse(API, 401);
    Path token = folder.resolve("home/token");
    Files.createDirectories(token.getParent());
    Files.writeString(token, "hf_wrong\n");
    assertEquals(
        "org/tiny: the hub does not take the token of %s: put a valid one there, or none for a public model"
            .formatted(token),
        refusal("org/tiny"));
    assertEquals(List.of("hub Bearer hf_wrong"), hub.tokens);
  }

  @Test
  void saysWhereTermsAreToBeAccepted() {
    refuse("HEAD " + RESOLVE, 401, "X-Error-Code", "GatedRepo");
    assertEquals(
        "org/tiny: gated: accept the model's terms at HUB/org/tiny, then set HF_TOKEN to a token of"
            + " your account",
        refusal("org/tiny"));
    refuse("HEAD " + RESOLVE, 403, "X-Error-Code", "GatedRepo");
    settings = hub.settings(folder.resolve("home"), "HF_TOKEN", "hf_mine");
    assertEquals(
        "org/tiny: the account of HF_TOKEN may not read it: accept the model's terms at"
            + " HUB/org/tiny, or take a token that may read it",
        refusal("org/tiny"));
  }

  @Test
  void aRefusalWithoutAReasonSaysWhatMayBeMeant() {
    refuse("GET " + RESOLVE + "config.json", 403);
    assertEquals(
        "org/tiny: HUB%sconfig.json answers with HTTP status 403; if the model is gated, accept its terms at HUB/org/tiny, and see what the token may read"
            .formatted(RESOLVE),
        refusal("org/tiny"));
  }

  @Test
  void saysWhatIsNotThere() {
    assertEquals("org/other: no such model at HUB: check the name", refusal("org/other"));
    assertEquals(
        "org/other@v2: no such model or revision at HUB: check the name and 'v2'",
        refusal("org/other@v2"));
    refuse(API, 404, "X-Error-Code", "RevisionNotFound");
    assertEquals(
        "org/tiny@v2: the model has no revision 'v2'; HUB/org/tiny/tree/main lists them",
        refusal("org/tiny@v2"));
    hub.refused.clear();
    refuse("HEAD " + RESOLVE + "config.json", 404, "X-Error-Code", "EntryNotFound");
    assertEquals(
        "org/tiny: lists the file config.json, but HUB has no such file: try again later",
        refusal("org/tiny"));
  }

  @Test
  void namesTheNearestFile() {
    assertEquals(
        "--file 'model.safetensor': org/tiny has no such file; did you mean model.safetensors?",
        assertThrows(ConfigException.class, () -> fetch("org/tiny", "model.safetensor"))
            .getMessage());
  }

  @Test
  void tellsOtherStatusesAsTheyAre() {
    refuse(API, 451, "X-Error-Message", "not here");
    assertEquals(
        "org/tiny: HUB/api/models/org/tiny/revision/main answers with HTTP status 451: not here",
        refusal("org/tiny"));
  }

  @Test
  void givesUpOnABusyHub() {
    refuse(API, 429, "Retry-After", "3");
    assertEquals(
        "HUB/api/models/org/tiny/revision/main: HTTP status 429, 5 times; check the network, or try"
            + " again later",
        refusal("org/tiny"));
    assertEquals(4, told.stream().filter(text -> text.contains("trying again in 3 s")).count());
  }

  @Test
  void refusesWhatIsNoAnswerOfAHub() {
    hub.said = Optional.of("<html>log in</html>");
    String end = "; check HF_ENDPOINT and any proxy between";
    assertEquals(
        "HUB/api/models/org/tiny/revision/main: the answer is not that of a hub: <html>log"
            + " in</html>"
            + end,
        refusal("org/tiny"));
    hub.said = Optional.of("{\"sha\": \"../../x\", \"siblings\": []}");
    assertTrue(refusal("org/tiny").endsWith(end));
    hub.said = Optional.of("[]");
    assertTrue(refusal("org/tiny").endsWith(end));
  }

  @Test
  void refusesFilesWithoutAChecksum() {
    refuse("HEAD " + RESOLVE, 200, "ETag", "\"abc\"");
    assertEquals(
        "HUB%sconfig.json: the hub says no checksum (ETag '\"abc\"'), so it cannot be checked; is HF_ENDPOINT right?"
            .formatted(RESOLVE),
        refusal("org/tiny"));
  }

  @Test
  void refusesNamesThatLeadOutOfTheFolder() {
    for (String name : List.of("../x", "/etc/x", "a//x", "a/../../x", "x\0y", "", ".")) {
      hub.files.put(name, new byte[1]);
      assertTrue(
          refusal("org/tiny")
              .endsWith(", which leads out of the folder or is no name; nothing was fetched"),
          name);
      hub.files.remove(name);
    }
    assertFalse(Files.exists(root()));
  }
}
