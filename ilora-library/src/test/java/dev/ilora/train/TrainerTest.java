package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.files.Folders;
import dev.ilora.files.SealedFile;
import dev.ilora.nn.Adam;
import dev.ilora.runs.TrainingCurve;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints, divergence and schedule, on a task of one parameter. */
class TrainerTest {
  @TempDir Path folder;
  private Scope scope;
  private Path checkpoints;

  @BeforeEach
  void open() {
    scope = Scope.open();
    checkpoints = folder.resolve("checkpoints");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Pulls one vector to 1; reports a loss of its own. */
  private record Pull(Tensor weight, Tensor count, LongToDoubleFunction loss) implements Task {
    Pull(LongToDoubleFunction loss) {
      this(Tensor.of(new float[] {5, -3}, 2).requiresGrad(true), Tensor.zeros(1), loss);
    }

    Pull() {
      this(step -> 1 + 1.0 / (step + 1));
    }

    @Override
    public String name() {
      return "pulling";
    }

    @Override
    public List<Adam.Group> groups() {
      return List.of(new Adam.Group("all", Map.of("weight", weight)));
    }

    @Override
    public Map<String, Tensor> buffers() {
      return Map.of("count", count);
    }

    @Override
    public StepLoss accumulate(long step) {
      weight.add(-1).square().sum().backward();
      count.fillInPlace(step + 1);
      return new StepLoss(loss.applyAsDouble(step), 10);
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(checkpoints)) {
      return files
          .filter(f -> !SealedFile.isSeal(f))
          .map(f -> f.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private Path newest() {
    return checkpoints.resolve("step-00000007.safetensors");
  }

  private void train() {
    new Steps(7, checkpoints, "one").run(new Pull());
  }

  private String refusal() {
    Pull task = new Pull();
    String message =
        assertThrows(BadInputException.class, () -> new Steps(7, checkpoints, "one").run(task))
            .getMessage();
    assertArrayEquals(new float[] {5, -3}, task.weight().toFloats(), "nothing is half restored");
    return message;
  }

  @Test
  void theTwoNewestCheckpointsAreKept() throws IOException {
    train();
    assertEquals(List.of("step-00000006.safetensors", "step-00000007.safetensors"), names());
  }

  @Test
  void whatAKilledProcessWasWritingIsCleared() throws IOException {
    Files.createDirectories(checkpoints);
    Files.writeString(checkpoints.resolve(".step-00000003.safetensors.1-x-1.partial"), "half");
    train();
    assertEquals(List.of("step-00000006.safetensors", "step-00000007.safetensors"), names());
  }

  @Test
  void buffersComeBack() {
    train();
    Pull task = new Pull();
    new Steps(7, checkpoints, "one").run(task);
    assertEquals(7, task.count().item());
  }

  @Test
  void checkpointsOfAnotherRecipeAreRefused() {
    train();
    assertEquals(
        newest()
            + ": checkpoint of another training: its fingerprint is one, that of this one two;"
            + " use another folder, or delete "
            + checkpoints,
        assertThrows(
                BadInputException.class, () -> new Steps(7, checkpoints, "two").run(new Pull()))
            .getMessage());
  }

  @Test
  void aTruncatedCheckpointIsRefusedNamingTheFormerOne() throws IOException {
    train();
    byte[] whole = Files.readAllBytes(newest());
    Files.write(newest(), Arrays.copyOf(whole, whole.length - 3));
    String message = refusal();
    assertTrue(message.startsWith(newest() + ": damaged checkpoint: tensor '"), message);
    assertTrue(message.endsWith("; delete it to go on from step-00000006.safetensors"), message);
    Files.delete(newest());
    Steps rest = new Steps(7, checkpoints, "one");
    rest.run(new Pull());
    assertEquals(7, rest.reports.getFirst().step());
  }

  @Test
  void withoutAUsableFormerOneTheMessageSaysSo() throws IOException {
    train();
    Files.write(newest(), new byte[3]);
    Files.write(checkpoints.resolve("step-00000006.safetensors"), new byte[0]);
    assertEquals(
        newest()
            + ": damaged checkpoint: truncated: 3 bytes, expected at least the 8 of the header"
            + " length; delete it to start from the beginning",
        refusal());
  }

  @Test
  void checkpointsThatLackOrAddTensorsAreRefused() {
    train();
    Map<String, Tensor> tensors;
    Map<String, String> metadata;
    try (SafeTensors stored = SafeTensors.open(newest())) {
      tensors = stored.loadAll();
      metadata = Map.copyOf(stored.metadata());
    }
    String damaged = ": damaged checkpoint: not the weights of this training: ";
    String remedy = "; delete it to go on from step-00000006.safetensors";
    Map<String, Tensor> lacking = new LinkedHashMap<>(tensors);
    lacking.remove("buffer.count");
    SafeTensors.write(newest(), lacking, metadata);
    assertEquals(newest() + damaged + "weight 'buffer.count' is missing" + remedy, refusal());
    Map<String, Tensor> misshapen = new LinkedHashMap<>(tensors);
    misshapen.put("parameter.weight", Tensor.zeros(3));
    SafeTensors.write(newest(), misshapen, metadata);
    assertEquals(
        newest() + damaged + "weight 'parameter.weight': expected shape [2], got [3]" + remedy,
        refusal());
    Map<String, Tensor> more = new LinkedHashMap<>(tensors);
    more.put("parameter.other", Tensor.zeros(3));
    SafeTensors.write(newest(), more, metadata);
    assertEquals(
        newest() + damaged + "weight 'parameter.other' is not expected" + remedy, refusal());
    SafeTensors.write(newest(), tensors, Map.of("fingerprint", "one"));
    assertEquals(
        newest() + ": damaged checkpoint: metadata 'step': expected a number, got null" + remedy,
        refusal());
  }

  /** A folder in the way is refused as a full disk is. */
  @Test
  void aCheckpointThatCannotBeWrittenLeavesTheFormerOne() throws IOException {
    Path fourth = checkpoints.resolve("step-00000004.safetensors");
    Pull whole = new Pull();
    new Steps(7, null, "one").run(whole);
    Pull filling =
        new Pull(
            step -> {
              if (step == 3) {
                inTheWay(fourth);
              }
              return 1;
            });
    String message =
        assertThrows(
                UncheckedIOException.class, () -> new Steps(7, checkpoints, "one").run(filling))
            .getMessage();
    assertTrue(message.startsWith(fourth + ": cannot be written: "), message);
    Folders.delete(fourth);
    assertEquals(List.of("step-00000002.safetensors"), names());
    Pull resumed = new Pull();
    new Steps(7, checkpoints, "one").run(resumed);
    assertArrayEquals(whole.weight().toFloats(), resumed.weight().toFloats());
  }

  private static void inTheWay(Path file) {
    try {
      Files.createDirectories(file.resolve("full"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String divergence(LongToDoubleFunction loss) {
    return assertThrows(
            TrainingDivergedException.class, () -> new Steps(100, null, "one").run(new Pull(loss)))
        .getMessage();
  }

  @Test
  void lossesThatAreNoNumbersOrExplodeStopTheRun() {
    String advice = ". Try a lower learning rate (now 0.01), more warm-up or stronger clipping.";
    assertEquals(
        "pulling diverged at step 4: loss is NaN" + advice,
        divergence(step -> step == 3 ? Double.NaN : 1));
    assertEquals(
        "pulling diverged at step 1: loss is Infinity" + advice,
        divergence(_ -> Double.POSITIVE_INFINITY));
    String exploded = divergence(step -> step == 30 ? 500 : 2);
    assertTrue(exploded.startsWith("pulling diverged at step 31: loss 500 after"), exploded);
    assertTrue(exploded.endsWith(advice), exploded);
  }

  @Test
  void gradientsThatAreNoNumbersStopTheRun() {
    Pull task = new Pull();
    task.weight().detach().fillInPlace(Double.NaN);
    String message =
        assertThrows(TrainingDivergedException.class, () -> new Steps(3, null, "one").run(task))
            .getMessage();
    assertTrue(
        message.startsWith("pulling diverged at step 1: gradient norm is NaN. Try a lower"),
        message);
  }

  @Test
  void aTaskMayEndBeforeItsLastStep() throws IOException {
    Task early =
        new DelegatingTask(new Pull()) {
          @Override
          public boolean isFinished(long done) {
            return done == 5;
          }
        };
    Steps steps = new Steps(7, checkpoints, "one");
    steps.run(early);
    assertEquals(5, steps.reports.size());
    assertEquals(List.of("step-00000004.safetensors", "step-00000005.safetensors"), names());
    Steps none = new Steps(7, checkpoints, "one");
    none.run(early);
    assertTrue(none.reports.isEmpty());
  }

  @Test
  void theScheduleRisesToThePeakAndFallsToTheFloor() {
    Steps steps = new Steps(new TrainerConfig(1000, 0.5, 0.05, 0.01, 1, 60), null, "one");
    steps.run(new Pull());
    assertEquals(0.5 / 50, steps.reports.getFirst().learningRate(), 1e-12);
    assertEquals(0.5, steps.reports.get(49).learningRate(), 1e-12);
    assertEquals(0.5, steps.reports.get(50).learningRate(), 1e-12);
    assertEquals(0.005, steps.reports.getLast().learningRate(), 1e-5);
  }

  @Test
  void theCurveOfAKilledTrainingEndsAsThatOfOneInOneGo() throws IOException {
    var curve = new TrainingCurve(checkpoints.resolveSibling("curve.jsonl"));
    log(curve, 1, 20);
    String whole = Files.readString(curve.file());
    for (long checkpoint : List.of(0L, 1L, 9L, 10L, 15L)) {
      Files.delete(curve.file());
      log(curve, 1, 17);
      log(curve, checkpoint + 1, 20);
      assertEquals(whole, Files.readString(curve.file()), "from " + checkpoint);
    }
  }

  private static void log(TrainingCurve curve, long from, long to) {
    Consumer<Trainer.Step> log = Trainer.logTo(curve);
    for (long step = from; step <= to; step++) {
      log.accept(new Trainer.Step(step, 1.0 / step, 0.5, 1, 100));
    }
  }
}
