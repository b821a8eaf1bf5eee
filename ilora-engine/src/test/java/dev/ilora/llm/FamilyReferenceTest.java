package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import dev.ilora.testing.ReferenceFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny models of every family against what Hugging Face's library computes with them. */
@OneThread
@InScope
class FamilyReferenceTest {
  private static final float TOLERANCE = 1e-4f;
  private static final int ANSWER = 4;

  /** One configuration over the weights of a folder. */
  record Model(String folder, String config, String expected) {
    @Override
    public String toString() {
      return folder + "/" + config;
    }

    Path in() {
      return ReferenceFiles.of("families").resolve(folder);
    }

    SafeTensors vectors() {
      return SafeTensors.open(in().resolve(expected));
    }

    boolean dependsOnLength() {
      return folder.equals("llama-dynamic") || folder.equals("phi3-longrope");
    }
  }

  private static final List<String> FOLDERS =
      List.of(
          "llama",
          "llama-linear",
          "llama-dynamic",
          "llama-llama3",
          "llama-yarn",
          "mistral",
          "qwen2",
          "qwen2-window",
          "qwen3",
          "gemma3",
          "smollm3",
          "phi3",
          "phi3-longrope",
          "olmo2",
          "granite",
          "gemma3-by-six",
          "smollm3-by-four");

  static final List<Model> NEWER =
      FOLDERS.stream()
          .map(folder -> new Model(folder, "config.json", "expected.safetensors"))
          .toList();

  static final List<Model> ALL =
      Stream.concat(
              FOLDERS.stream()
                  .flatMap(
                      folder ->
                          Stream.of("config.json", "config.v4.json")
                              .map(config -> new Model(folder, config, "expected.safetensors"))),
              Stream.of("config.mscale.json", "config.mscale.v4.json")
                  .map(config -> new Model("llama-yarn", config, "expected.mscale.safetensors")))
          .toList();

  @TempDir Path folder;

  private Llama load(Model model) {
    try {
      Files.copy(model.in().resolve(model.config()), folder.resolve("config.json"));
      Files.copy(model.in().resolve("model.safetensors"), folder.resolve("model.safetensors"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Llama.load(folder, Device.CPU, DType.F32);
  }

  /** The vectors of a model, and what is asked of it. */
  private record Vectors(int[][] rows, float[][] logits, float[] losses, double loss) {
    static Vectors of(SafeTensors stored) {
      Tensor ids = stored.load("input_ids");
      Tensor all = stored.load("logits");
      int[] lengths = stored.load("lengths").toInts();
      int[][] rows = new int[lengths.length][];
      float[][] logits = new float[lengths.length][];
      for (int row = 0; row < lengths.length; row++) {
        rows[row] = ids.select(0, row).slice(0, 0, lengths[row]).toInts();
        logits[row] = all.select(0, row).slice(0, 0, lengths[row]).toFloats();
      }
      return new Vectors(
          rows, logits, stored.load("token_losses").toFloats(), stored.load("loss").item());
    }

    int[] lengths() {
      return Arrays.stream(rows).mapToInt(row -> row.length).toArray();
    }

    int columns() {
      return Arrays.stream(lengths()).max().getAsInt();
    }

    Tensor padded() {
      int[] flat = new int[rows.length * columns()];
      for (int row = 0; row < rows.length; row++) {
        System.arraycopy(rows[row], 0, flat, row * columns(), rows[row].length);
      }
      return Tensor.ofInts(flat, rows.length, columns());
    }

    /** Flat positions before each token of the answers. */
    long[] asked() {
      long[] asked = new long[rows.length * ANSWER];
      for (int i = 0; i < asked.length; i++) {
        int row = i / ANSWER;
        asked[i] = (long) row * columns() + rows[row].length - ANSWER - 1 + i % ANSWER;
      }
      return asked;
    }

    long[] answers() {
      long[] answers = new long[rows.length * ANSWER];
      for (int i = 0; i < answers.length; i++) {
        int[] row = rows[i / ANSWER];
        answers[i] = row[row.length - ANSWER + i % ANSWER];
      }
      return answers;
    }
  }

  private static float[] alone(Llama llama, int[] row) {
    Tensor embeddings = llama.embed(Tensor.ofInts(row, 1, row.length));
    return llama.logits(llama.hidden(embeddings, Attention.causal(), Adaptation.NONE)).toFloats();
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void everySequenceAloneHasItsLogits(Model model) {
    try (SafeTensors stored = model.vectors()) {
      Vectors vectors = Vectors.of(stored);
      Llama llama = load(model);
      for (int row = 0; row < vectors.rows().length; row++) {
        assertArrayEquals(
            vectors.logits()[row], alone(llama, vectors.rows()[row]), TOLERANCE, "row " + row);
      }
    }
  }

  /** Each row by its own length, where angles depend on it. */
  @ParameterizedTest
  @FieldSource("ALL")
  void aBatchGivesWhatItsSequencesGiveAlone(Model model) {
    try (SafeTensors stored = model.vectors()) {
      Vectors vectors = Vectors.of(stored);
      Llama llama = load(model);
      Tensor hidden =
          llama.hidden(
              llama.embed(vectors.padded()), Attention.causal(vectors.lengths()), Adaptation.NONE);
      checkRows(vectors, llama.logits(hidden));
      if (!model.dependsOnLength()) {
        checkRows(
            vectors,
            llama.logits(
                llama.hidden(llama.embed(vectors.padded()), Attention.causal(), Adaptation.NONE)));
      }
    }
  }

  private static void checkRows(Vectors vectors, Tensor logits) {
    for (int row = 0; row < vectors.rows().length; row++) {
      Tensor real = logits.select(0, row).slice(0, 0, vectors.rows()[row].length);
      assertArrayEquals(vectors.logits()[row], real.toFloats(), TOLERANCE, "row " + row);
    }
  }

  /** The same weights in a GGUF file that the gguf library wrote. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2",
        "qwen3",
        "olmo2",
        "granite",
        "phi3",
        "phi3-longrope",
        "gemma3-by-six",
        "smollm3-by-four"
      })
  void aGgufFileOfTheFamilyHasTheLogits(String name) {
    Path in = ReferenceFiles.of("families").resolve(name);
    try (SafeTensors stored = SafeTensors.open(in.resolve("expected.safetensors"))) {
      Vectors vectors = Vectors.of(stored);
      Llama llama = Llama.load(in.resolve("model.gguf"), Device.CPU, DType.F32);
      for (int row = 0; row < vectors.rows().length; row++) {
        assertArrayEquals(
            vectors.logits()[row], alone(llama, vectors.rows()[row]), TOLERANCE, "row " + row);
      }
    }
  }

  /** How gradients are made. */
  private enum Way {
    GRAPH,
    LAST_LAYER_BY_GRAPH,
    BY_HAND,
    CHECKPOINTED
  }

  @ParameterizedTest
  @FieldSource("NEWER")
  void trainingHasTheLossAndTheGradients(Model model) {
    try (SafeTensors stored = model.vectors()) {
      Vectors vectors = Vectors.of(stored);
      Llama llama = load(model).trainable(true);
      for (Way way : Way.values()) {
        llama.parameters().values().forEach(Tensor::clearGrad);
        assertEquals(vectors.loss(), train(llama, vectors, way), TOLERANCE, way.name());
        for (String name : stored.names()) {
          if (name.startsWith("grad.")) {
            checkGradient(way + " " + name, stored.load(name), gradient(llama, name.substring(5)));
          }
        }
      }
    }
  }

  private static double train(Llama llama, Vectors vectors, Way way) {
    Tensor embeddings = llama.embed(vectors.padded());
    Attention.Causal attention = Attention.causal(vectors.lengths());
    long[] asked = vectors.asked();
    long[] answers = vectors.answers();
    if (way == Way.GRAPH) {
      Tensor positions = Tensor.of(asked, asked.length);
      Tensor hidden = llama.hiddenAt(embeddings, attention, Adaptation.NONE, positions);
      Tensor likely = llama.logits(hidden).logSoftmax(-1);
      Tensor losses = likely.gather(1, Tensor.of(answers, asked.length, 1)).mul(-1);
      assertArrayEquals(vectors.losses(), losses.toFloats(), TOLERANCE);
      Tensor loss = losses.mean();
      loss.backward();
      return loss.item();
    }
    if (way == Way.LAST_LAYER_BY_GRAPH) {
      TrainingPass pass =
          llama.trainingPass(
              embeddings, attention, Adaptation.NONE, Tensor.of(asked, asked.length), false);
      return pass.backward(
          Tensor.of(answers, asked.length),
          Tensor.full(1.0 / asked.length, DType.F32, Device.CPU, asked.length));
    }
    return everywhere(llama, vectors, embeddings, way == Way.CHECKPOINTED);
  }

  /** Asks all real positions, so that all layers are passed back through by hand. */
  private static double everywhere(
      Llama llama, Vectors vectors, Tensor embeddings, boolean checkpoint) {
    List<Long> positions = new ArrayList<>();
    for (int row = 0; row < vectors.rows().length; row++) {
      for (int t = 0; t < vectors.rows()[row].length; t++) {
        positions.add((long) row * vectors.columns() + t);
      }
    }
    long[] all = positions.stream().mapToLong(Long::longValue).toArray();
    long[] targets = new long[all.length];
    float[] weights = new float[all.length];
    long[] asked = vectors.asked();
    for (int i = 0; i < asked.length; i++) {
      int place = positions.indexOf(asked[i]);
      targets[place] = vectors.answers()[i];
      weights[place] = 1f / asked.length;
    }
    return llama
        .trainingPass(
            embeddings,
            Attention.causal(vectors.lengths()),
            Adaptation.NONE,
            Tensor.of(all, all.length),
            checkpoint)
        .backward(Tensor.of(targets, all.length), Tensor.of(weights, all.length));
  }

  private static Tensor gradient(Llama llama, String name) {
    if (!name.contains("qkv_proj")) {
      return llama.parameters().get(name).grad();
    }
    return Tensor.cat(
        Stream.of("q_proj", "k_proj", "v_proj")
            .map(part -> llama.parameters().get(name.replace("qkv_proj", part)).grad())
            .toList(),
        0);
  }

  private static void checkGradient(String name, Tensor expected, Tensor given) {
    double largest = 0;
    double worst = 0;
    float[] wanted = expected.toFloats();
    float[] values = given.toFloats();
    for (int i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(wanted[i]));
      worst = Math.max(worst, Math.abs(wanted[i] - values[i]));
    }
    assertTrue(worst <= TOLERANCE * largest, name + ": " + worst + " of " + largest);
  }

  @ParameterizedTest
  @FieldSource("NEWER")
  void generatesTheSameWithAndWithoutACache(Model model) {
    try (SafeTensors stored = model.vectors()) {
      Vectors vectors = Vectors.of(stored);
      // Beyond its context nothing is generated.
      int longest = model.folder().equals("llama-dynamic") ? 10 : 20;
      List<int[]> prompts =
          Arrays.stream(vectors.rows())
              .map(row -> Arrays.copyOf(row, row.length * longest / 36))
              .toList();
      Llama llama = load(model);
      List<List<Generation.Continuation>> ways = new ArrayList<>();
      for (boolean cached : new boolean[] {true, false}) {
        var options = Generation.Options.of(14, Set.of()).cached(cached);
        Prompts asked = Prompts.of(llama, prompts);
        ways.add(new Generation(llama, options).greedy(asked, Adaptation.NONE));
      }
      for (int row = 0; row < prompts.size(); row++) {
        int[] tokens = ways.get(0).get(row).tokens();
        assertArrayEquals(ways.get(1).get(row).tokens(), tokens);
        assertEquals(
            ways.get(1).get(row).logProbability(), ways.get(0).get(row).logProbability(), 1e-3);
        assertArrayEquals(greedyAlone(llama, prompts.get(row), 14), tokens);
      }
    }
  }

  /** The likeliest tokens, each from a pass over all before it. */
  private static int[] greedyAlone(Llama llama, int[] prompt, int count) {
    int[] row = prompt;
    for (int i = 0; i < count; i++) {
      float[] logits = alone(llama, row);
      int from = logits.length - llama.config().vocabularySize();
      int best = from;
      for (int j = from; j < logits.length; j++) {
        best = logits[j] > logits[best] ? j : best;
      }
      row = Arrays.copyOf(row, row.length + 1);
      row[row.length - 1] = best - from;
    }
    return Arrays.copyOfRange(row, prompt.length, row.length);
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void comesBackFromItsFolderBitForBit(Model model) {
    Llama llama = load(model);
    Path copy = folder.resolve("copy");
    llama.save(copy);
    Llama loaded = Llama.load(copy, Device.CPU, DType.F32);
    assertEquals(llama.config(), loaded.config());
    try (SafeTensors before = SafeTensors.open(folder);
        SafeTensors after = SafeTensors.open(copy)) {
      assertEquals(before.names(), after.names());
      for (String name : before.names()) {
        assertArrayEquals(before.load(name).toFloats(), after.load(name).toFloats(), name);
      }
    }
  }
}
