package dev.ilora.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.config.ConfigException;
import dev.ilora.data.Dataset;
import dev.ilora.hybrid.Example;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.runs.Method;
import dev.ilora.synthetic.DemoWorld;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final Dataset DEMO = DemoWorld.generate(1);

  private static Sizes sizes(int batch, int candidates) {
    return new Sizes(16, 1, 2, 1, 24, 300, batch, candidates, 4, 2, 0);
  }

  private static Workload workload(Dataset data, int batch, int candidates) throws IOException {
    return new Workload(sizes(batch, candidates), data, PromptTemplate.named("item-short"));
  }

  private static String text(List<Example> examples) {
    StringBuilder text = new StringBuilder();
    for (Example example : examples) {
      text.append(example.asked().user()).append(example.asked().target());
      text.append(Arrays.toString(example.asked().history()));
      text.append(Arrays.toString(example.asked().candidates()));
    }
    return text.toString();
  }

  @Test
  void theSameSizesGiveTheSameBatches() throws IOException {
    try (Workload one = workload(DEMO, 4, 7);
        Workload two = workload(DEMO, 4, 7)) {
      assertEquals(text(one.batch()), text(two.batch()));
      assertEquals(text(one.unsortedBatch()), text(two.unsortedBatch()));
      assertEquals(4, one.batch().size());
      assertEquals(7, one.batch().getFirst().asked().candidates().length);
    }
  }

  @Test
  void sequencesAreWhatTheEncoderMakesOfTheExamples() throws IOException {
    try (Workload workload = workload(DEMO, 4, 7)) {
      List<NecessaryWork.Sequence> sequences = workload.sequences(workload.batch());
      for (int i = 0; i < sequences.size(); i++) {
        Example example = workload.batch().get(i);
        var prompt =
            workload.encoder().encode(example.asked().history(), example.asked().candidates());
        int answer = workload.encoder().answer(example.asked().target(), prompt).length;
        assertEquals(answer, sequences.get(i).asked());
        assertEquals(prompt.length() + answer - 1, sequences.get(i).tokens());
        assertTrue(sequences.get(i).slots() > 7, "each candidate's title holds embeddings");
      }
    }
  }

  @Test
  void typesDifferInTheFrozenWeightsAlone() throws IOException {
    try (Workload workload = workload(DEMO, 4, 7)) {
      assertEquals(DType.BF16, workload.llama(DType.BF16).dtype());
      var model = workload.model(Method.ILORA, DType.BF16);
      model.parameters().values().forEach(t -> assertEquals(DType.F32, t.dtype()));
      float[] exact = workload.llama(DType.F32).parameters().get("model.norm.weight").toFloats();
      float[] rounded = workload.llama(DType.BF16).parameters().get("model.norm.weight").toFloats();
      assertEquals(exact[3], rounded[3], 1e-2);
    }
  }

  @Test
  void refusesDataThatAreTooSmall() {
    Dataset few = new Dataset("few", DEMO.items(), DEMO.users().subList(0, 3), DEMO.provenance());
    var rows = assertThrows(ConfigException.class, () -> workload(few, 8, 7));
    assertTrue(
        rows.getMessage()
            .startsWith("--batch: 16 batches of 8 need 128 training rows, dataset few has "),
        rows.getMessage());
    var items = assertThrows(ConfigException.class, () -> workload(DEMO, 4, 290));
    assertTrue(items.getMessage().startsWith("--candidates: user "), items.getMessage());
  }

  @Test
  void refusesImpossibleSizesAllAtOnce() {
    var error =
        assertThrows(ConfigException.class, () -> new Sizes(0, 1, 2, 1, 24, 100, 4, 1, 4, 2, 1));
    assertEquals(
        List.of(
            "--width: expected at least 1, got 0",
            "--vocabulary: expected at least 260, got 100",
            "--candidates: expected at least 2, got 1",
            "--dropout: expected 0 to below 1, got 1.0"),
        error.mistakes());
    var uneven =
        assertThrows(ConfigException.class, () -> new Sizes(18, 1, 6, 4, 24, 300, 4, 5, 4, 3, 0));
    assertEquals(
        List.of(
            "--width: 18 is not a multiple of 2 * --heads, 12",
            "--heads: 6 is not a multiple of --kv-heads, 4",
            "--rank: 4 is not a multiple of --experts, 3"),
        uneven.mistakes());
  }
}
