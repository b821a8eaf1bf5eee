package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.InterruptedRunException;
import dev.ilora.adapter.Guidance;
import dev.ilora.data.Case;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.llm.Llama;
import dev.ilora.pretrain.PretrainingTask;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.RecommenderConfig;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.statistics.Metric;
import dev.ilora.statistics.Metrics;
import dev.ilora.synthetic.PretrainingExample;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.OneThread;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run cut off and resumed ends with the same bits as one never cut off. */
@OneThread
class ResumeTest {
  private static final int STEPS = 7;
  private static final TinyModels.Kind KILLED =
      new TinyModels.Kind(ItemEmbeddings.SLOT, TinyModels.gate("residual"), Guidance.SEQUENCE, 0.3);

  @TempDir Path folder;
  private Tokenizer tokenizer;

  @BeforeEach
  void open() throws IOException {
    tokenizer = TinyModels.tokenizer(folder);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  static List<Case> rows(int count) {
    SplittableRandom random = new SplittableRandom(3);
    List<Case> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] history = new int[1 + random.nextInt(3)];
      Arrays.setAll(history, _ -> random.nextInt(6));
      rows.add(new Case(i, "u" + i, history, 6 + random.nextInt(4)));
    }
    return rows;
  }

  static Map<String, BitSet> seen(List<Case> rows) {
    Map<String, BitSet> seen = new HashMap<>();
    for (Case row : rows) {
      BitSet items = new BitSet();
      Arrays.stream(row.history()).forEach(items::set);
      items.set(row.target());
      seen.put(row.user(), items);
    }
    return seen;
  }

  static AdaptationTask adaptation(PromptModel model, boolean curriculum) {
    List<Case> rows = rows(10);
    return new AdaptationTask(
        "training", model, rows, seen(rows), Steps.settings(STEPS, 4, 2, curriculum), 4, 5);
  }

  /** Weights after one run in a process of its own: everything made anew. */
  private List<float[]> adapted(TinyModels.Kind kind, Consumer<Task> run) {
    try (var _ = Scope.open()) {
      PromptModel model = TinyModels.fresh(tokenizer, kind);
      run.accept(adaptation(model, true));
      return TinyModels.weights(model);
    }
  }

  /** The same, measured three times, with the weights of the best measurement behind the last. */
  private List<float[]> validated(TinyModels.Kind kind, Consumer<Task> run) {
    try (var _ = Scope.open()) {
      PromptModel model = TinyModels.fresh(tokenizer, kind);
      // The first measurement is the best: a resumed training must still have its weights.
      Supplier<Metrics> worseAndWorse = new WorseAndWorse(model);
      try (var task = new ValidatedTask(adaptation(model, true), STEPS, 3, worseAndWorse)) {
        run.accept(task);
        List<float[]> all = new ArrayList<>(TinyModels.weights(model));
        task.restoreBest();
        all.addAll(TinyModels.weights(model));
        return all;
      }
    }
  }

  /** Ranks by how little a weight has moved since the beginning. */
  private static final class WorseAndWorse implements Supplier<Metrics> {
    private final PromptModel model;
    private final List<float[]> first;

    WorseAndWorse(PromptModel model) {
      this.model = model;
      first = TinyModels.weights(model);
    }

    @Override
    public Metrics get() {
      double moved = 0;
      List<float[]> now = TinyModels.weights(model);
      for (int i = 0; i < now.size(); i++) {
        for (int j = 0; j < now.get(i).length; j++) {
          moved += Math.abs(now.get(i)[j] - first.get(i)[j]);
        }
      }
      return new Metrics(1, Map.of(Metric.HR_1, 0.0, Metric.MRR, 1 / (1 + moved)));
    }
  }

  private List<float[]> pretrained(Consumer<Task> run) {
    try (var _ = Scope.open()) {
      Llama llama = TinyModels.llama(tokenizer);
      int vocabulary = tokenizer.vocabularySize();
      run.accept(new PretrainingTask(llama, null, step -> texts(step, vocabulary), 24, 0.01, 2));
      return llama.parameters().values().stream().map(t -> t.detach().toFloats()).toList();
    }
  }

  /** Weights of the last step and of the best epoch; two steps are an epoch. */
  private static List<float[]> recommender(Architecture.Model model, Consumer<Task> run) {
    var config = new RecommenderConfig(model, 8, 4, 4, 24, 1e-2, 0, 1, 1e-3, 0.3, 2, 7);
    List<Case> valid = RecommenderTrainingTest.circle(20, 2);
    List<Case> train = RecommenderTrainingTest.circle(40, 1);
    Architecture architecture = config.architecture(RecommenderTrainingTest.ITEMS);
    try (var network = SequenceRecommender.create(architecture, config.seed(), Device.CPU);
        var task =
            new RecommenderTask(
                "training",
                config,
                new TrainingCases(train, architecture),
                new Validation(valid, train),
                network,
                () -> Instant.EPOCH)) {
      run.accept(task);
      List<float[]> all = new ArrayList<>(weights(network));
      for (var epoch : task.epochs().all()) {
        all.add(new float[] {(float) epoch.loss(), (float) epoch.validationHitRate()});
      }
      task.epochs().restoreBest();
      all.addAll(weights(network));
      return all;
    }
  }

  private static List<float[]> weights(SequenceRecommender network) {
    return network.weights().values().stream().map(Tensor::toFloats).toList();
  }

  private static List<PretrainingExample> texts(long step, int vocabulary) {
    SplittableRandom random = new SplittableRandom(step);
    List<PretrainingExample> texts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int[] tokens = new int[4 + random.nextInt(6)];
      Arrays.setAll(tokens, _ -> random.nextInt(vocabulary));
      float[] weights = new float[tokens.length];
      Arrays.fill(weights, 1, weights.length, 1);
      texts.add(
          new PretrainingExample(
              PretrainingExample.Kind.FACTS, tokens, weights, new int[0], new int[0]));
    }
    return texts;
  }

  private void assertCutsDoNotMatter(Function<Consumer<Task>, List<float[]>> process) {
    List<float[]> first = process.apply(_ -> {});
    List<float[]> whole = process.apply(task -> new Steps(STEPS, null, "f").run(task));
    assertFalse(same(first, whole), "training changes nothing");

    Path stopped = folder.resolve("stopped");
    var _ =
        process.apply(
            task -> {
              var message =
                  assertThrows(
                      InterruptedRunException.class,
                      () -> new Steps(STEPS, stopped, "f").interruptedAt(3).run(task));
              assertEquals(
                  "Stopped at step 3 of 7; the checkpoint is in "
                      + stopped
                      + ", the same command goes on from it",
                  message.getMessage());
            });
    Steps rest = new Steps(STEPS, stopped, "f");
    assertSame(whole, process.apply(rest::run));
    assertEquals(4, rest.reports.getFirst().step());

    Path killed = folder.resolve("killed");
    var _ =
        process.apply(
            task ->
                assertThrows(
                    Steps.Killed.class,
                    () -> new Steps(STEPS, killed, "f").run(Steps.killedAt(task, 5))));
    Steps again = new Steps(STEPS, killed, "f");
    assertSame(whole, process.apply(again::run));
    assertEquals(5, again.reports.getFirst().step());

    // A finished run is loaded and nothing is done.
    Steps none = new Steps(STEPS, killed, "f");
    assertSame(whole, process.apply(none::run));
    assertTrue(none.reports.isEmpty());
  }

  private static boolean same(List<float[]> a, List<float[]> b) {
    for (int i = 0; i < a.size(); i++) {
      if (!Arrays.equals(a.get(i), b.get(i))) {
        return false;
      }
    }
    return a.size() == b.size();
  }

  private static void assertSame(List<float[]> expected, List<float[]> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i), "tensor " + i);
    }
  }

  /** Dropout, a noisy gate, and the residual gate's running statistics among them. */
  @ParameterizedTest
  @ValueSource(strings = {"linear", "noisy", "residual"})
  void adaptation(String gate) {
    var kind =
        new TinyModels.Kind(ItemEmbeddings.SLOT, TinyModels.gate(gate), Guidance.SEQUENCE, 0.3);
    assertCutsDoNotMatter(run -> adapted(kind, run));
  }

  @ParameterizedTest
  @MethodSource("dev.ilora.hybrid.TinyModels#doras")
  void adaptationWithDora(TinyModels.Kind kind) {
    assertCutsDoNotMatter(run -> adapted(kind, run));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void adaptationOfWhatStandsBeforePrompts(boolean prefix) {
    assertCutsDoNotMatter(
        run -> {
          try (var _ = Scope.open()) {
            PromptModel model =
                prefix
                    ? TinyModels.withPrefix(tokenizer, ItemEmbeddings.SLOT)
                    : TinyModels.withVirtualTokens(tokenizer, ItemEmbeddings.SLOT);
            run.accept(adaptation(model, true));
            return TinyModels.weights(model);
          }
        });
  }

  @Test
  void adaptationWithValidations() {
    assertCutsDoNotMatter(run -> validated(KILLED, run));
  }

  /** The other process of the test below: trains slowly until it is killed. */
  static final class Other {
    private Other() {}

    public static void main(String[] folders) throws IOException {
      Torch.threads(1);
      try (Tokenizer tokenizer = Tokenizer.open(Path.of(folders[0]).resolve("tokenizer.json"));
          var _ = Scope.open()) {
        Task task = adaptation(TinyModels.fresh(tokenizer, KILLED), true);
        new Steps(STEPS, Path.of(folders[1]), "f").run(Steps.slowed(task, 300));
      }
    }
  }

  @Test
  void aProcessKilledWithoutWarning() throws IOException, InterruptedException {
    List<float[]> whole = adapted(KILLED, task -> new Steps(STEPS, null, "f").run(task));
    Path checkpoints = folder.resolve("killed");
    Path log = folder.resolve("log");
    Process other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                folder.toString(),
                checkpoints.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      while (other.isAlive() && !Files.exists(checkpoints.resolve("step-00000004.safetensors"))) {
        Thread.sleep(50);
      }
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertTrue(
        Files.exists(checkpoints.resolve("step-00000004.safetensors")), Files.readString(log));
    assertFalse(Files.exists(checkpoints.resolve("step-00000007.safetensors")));
    Steps rest = new Steps(STEPS, checkpoints, "f");
    assertSame(whole, adapted(KILLED, rest::run));
    assertFalse(rest.reports.isEmpty());
  }

  /** Dropout, the best epoch so far, and the losses of an epoch cut in two among them. */
  @ParameterizedTest
  @EnumSource
  void recommenders(Architecture.Model model) {
    assertCutsDoNotMatter(run -> recommender(model, run));
  }

  @Test
  void pretraining() {
    assertCutsDoNotMatter(this::pretrained);
  }
}
