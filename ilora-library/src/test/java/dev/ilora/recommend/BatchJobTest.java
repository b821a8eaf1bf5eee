package dev.ilora.recommend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchJobTest {
  private static final int REQUESTS = 700;

  @TempDir Path temporary;
  private Recommender model;
  private Path file;
  private Path out;

  @BeforeEach
  void open() throws IOException {
    Path folder = temporary.resolve("model");
    TinyFolders.write(folder);
    model = Recommender.load(folder);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < REQUESTS; i++) {
      lines.append("{\"id\": \"r%d\", \"history\": [\"k-%d\"], \"top\": 2}%n".formatted(i, i % 16));
    }
    file = Files.writeString(temporary.resolve("requests.jsonl"), lines);
    out = temporary.resolve("answers.jsonl");
  }

  @AfterEach
  void close() {
    model.close();
  }

  private BatchJob.Result run(Progress progress, Interruption interruption, String identity) {
    try (RequestFile requests = new RequestFile(file, model.catalogue(), 3)) {
      return new BatchJob(model, out, false, progress, interruption)
          .run(requests, RequestFile.check(file, model.catalogue(), 3), file, identity);
    }
  }

  private BatchJob.Result run() {
    return run(Progress.NONE, Interruption.never(), "a");
  }

  @Test
  void answersStandInTheOrderOfTheRequestsUnderTheirIds() throws IOException {
    assertEquals(REQUESTS, run().requests());
    List<String> lines = Files.readAllLines(out);
    assertEquals(REQUESTS, lines.size());
    List<Choice> first = model.recommend(Request.history(TinyFolders.item(0)).top(2)).choices();
    assertEquals(
        "{\"id\":\"r0\",\"recommendations\":[{\"rank\":1,\"key\":\"%s\",\"title\":\"%s\",\"score\":%s,\"share\":%s}"
            .formatted(
                first.getFirst().item().key(),
                first.getFirst().item().title(),
                first.getFirst().score(),
                first.getFirst().share()),
        lines.getFirst().substring(0, lines.getFirst().indexOf('}') + 1));
    assertTrue(lines.getLast().startsWith("{\"id\":\"r699\","), lines.getLast());
    try (var files = Files.list(temporary)) {
      assertEquals(3, files.count(), "model, requests and answers");
    }
  }

  @Test
  void theIdentityOfAFinishedJobIsClearedAndThatOfOneThatGoesOnStays() throws IOException {
    run();
    Path identity = Files.writeString(temporary.resolve("answers.jsonl.partial.id"), "a");
    assertThrows(BadInputException.class, this::run);
    assertFalse(Files.exists(identity));
    Files.writeString(identity, "b");
    Files.writeString(temporary.resolve("answers.jsonl.partial"), "of another job with --force");
    assertThrows(BadInputException.class, this::run);
    assertTrue(Files.exists(identity));
  }

  @Test
  void anInterruptedJobGoesOnAndEndsWithTheSameFile() throws IOException {
    run();
    String whole = Files.readString(out);
    Files.delete(out);
    Interruption interruption = Interruption.never();
    Progress stop = (_, done, _, _) -> interruption.request();
    assertThrows(InterruptedRunException.class, () -> run(stop, interruption, "a"));
    assertFalse(Files.exists(out));
    Path partial = temporary.resolve("answers.jsonl.partial");
    Files.writeString(partial, "{\"id\":\"half", StandardOpenOption.APPEND);
    BatchJob.Result result = run();
    assertEquals(256, result.resumed());
    assertEquals(REQUESTS - 256, result.requests());
    assertEquals(whole, Files.readString(out));
  }

  @Test
  void answersToOtherRequestsAreNotTakenUp() {
    Interruption interruption = Interruption.never();
    Progress stop = (_, done, _, _) -> interruption.request();
    assertThrows(InterruptedRunException.class, () -> run(stop, interruption, "a"));
    assertEquals(
        temporary.resolve("answers.jsonl.partial")
            + ": holds answers to other requests or of another model; delete it or choose another"
            + " file",
        refusal(() -> run(Progress.NONE, Interruption.never(), "b")));
  }

  @Test
  void aMistakeBeforeAnyAnswerLeavesNothingInTheWay() throws IOException {
    String right = Files.readString(file);
    Files.writeString(file, right.replace("[\"k-2\"]", "[\"k-99\"]"));
    assertTrue(refusal(this::run).contains(file + ":3: no item has the key 'k-99'"));
    Files.writeString(file, right);
    assertEquals(REQUESTS, run(Progress.NONE, Interruption.never(), "b").requests());
  }

  @Test
  void aFileThatIsThereIsNotReplaced() throws IOException {
    Files.writeString(out, "mine");
    assertEquals(out + ": exists already; choose another file or --force", refusal(this::run));
    assertEquals("mine", Files.readString(out));
  }

  @Test
  void aFileIsReplacedOnceAllAnswersAreThere() throws IOException {
    Files.writeString(out, "mine");
    Files.writeString(file, "{\"history\": [\"k-1\"], \"candidates\": [\"k-1\"]}\n");
    try (RequestFile requests = new RequestFile(file, model.catalogue(), 3)) {
      BatchJob job = new BatchJob(model, out, true, Progress.NONE, Interruption.never());
      assertEquals(
          file + ":1: request '1': nothing to rank: every candidate is in the history or excluded",
          refusal(() -> job.run(requests, 1, file, "a")));
    }
    assertEquals("mine", Files.readString(out));
    Files.writeString(file, "{\"history\": [\"k-1\"]}\n");
    try (RequestFile requests = new RequestFile(file, model.catalogue(), 3)) {
      new BatchJob(model, out, true, Progress.NONE, Interruption.never())
          .run(requests, 1, file, "a");
    }
    assertTrue(Files.readString(out).startsWith("{\"id\":\"1\","));
  }

  @Test
  void aRequestThatCannotBeAnsweredIsNamedByItsLine() throws IOException {
    StringBuilder lines = new StringBuilder(Files.readString(file));
    lines.append("{\"id\": \"last\", \"history\": [\"k-1\"], \"candidates\": [\"k-1\"]}\n");
    Files.writeString(file, lines);
    assertEquals(
        file
            + ":701: request 'last': nothing to rank: every candidate is in the history or"
            + " excluded",
        refusal(this::run));
  }

  @Test
  void allWrongRequestsAreToldBeforeOneIsAnswered() throws IOException {
    Files.writeString(file, "{\"history\": [\"k-1\"]}\n{\"history\": [\"k-99\"]}\n{\"top\": 2}\n");
    String message = refusal(this::run);
    assertTrue(message.contains(file + ":2: no item has the key 'k-99'"), message);
    assertTrue(message.contains(file + ":3: "), message);
    assertFalse(Files.exists(out));
  }

  @Test
  void wrongRequestsAreRefusedWithFileLineAndField() throws IOException {
    Files.writeString(file, "{\"history\": [\"k-1\"]}\n\n{\"history\": [\"k-99\"]}\n");
    assertTrue(
        refusal(this::run).startsWith(file + ":3: no item has the key 'k-99'"), refusal(this::run));
    Files.writeString(file, "{\"history\": [\"k-1\"], \"tops\": 3}\n");
    assertTrue(
        refusal(this::run)
            .startsWith(
                file
                    + ":1: unknown field 'tops'; known are candidates, exclude, history, id, top,"
                    + " user"),
        refusal(this::run));
    Files.writeString(file, "[]\n");
    assertTrue(refusal(this::run).startsWith(file + ":1: not a JSON object"), refusal(this::run));
    assertFalse(Files.exists(out));
  }

  private static String refusal(org.junit.jupiter.api.function.Executable job) {
    return assertThrows(BadInputException.class, job).getMessage();
  }
}
