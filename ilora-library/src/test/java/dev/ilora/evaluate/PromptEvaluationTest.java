package dev.ilora.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.Progress;
import dev.ilora.data.Case;
import dev.ilora.data.CaseCandidates;
import dev.ilora.evaluate.PromptEvaluation.Protocol;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.Query;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.nn.Adam;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.statistics.Answer;
import dev.ilora.statistics.Outcome;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Torch;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every protocol in batches against asking about each row alone. */
class PromptEvaluationTest {
  private static final List<String> TITLES = TinyModels.TITLES;

  @TempDir Path folder;
  private final List<Case> rows = new ArrayList<>();
  private final List<CaseCandidates> candidates = new ArrayList<>();
  private Scope scope;
  private Tokenizer tokenizer;
  private PromptModel model;
  private int threads;

  @BeforeEach
  void open() throws IOException {
    threads = Torch.threads();
    Torch.threads(1);
    scope = Scope.open();
    tokenizer = TinyModels.tokenizer(folder);
    model = TinyModels.fresh(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT));
    Random random = new Random(3);
    for (int i = 0; i < 13; i++) {
      List<Integer> items = new ArrayList<>(IntStream.range(0, TITLES.size()).boxed().toList());
      Collections.shuffle(items, random);
      int[] offered = items.subList(0, 5).stream().mapToInt(Integer::intValue).toArray();
      int[] history = random.ints(random.nextInt(1, 6), 0, TITLES.size()).toArray();
      rows.add(new Case(100 + i, "u" + i / 2, history, offered[random.nextInt(5)]));
      candidates.add(new CaseCandidates(100 + i, rows.get(i).next(), offered));
    }
    learnSome();
  }

  @AfterEach
  void close() {
    scope.close();
    tokenizer.close();
    Torch.threads(threads);
  }

  private Query query(int i) {
    return new Query(rows.get(i).user(), rows.get(i).history(), candidates.get(i).candidates());
  }

  /** Enough that some rows are answered with a title. */
  private void learnSome() {
    List<Example> examples =
        IntStream.range(0, 4)
            .mapToObj(i -> new Example(query(i), rows.get(i).next(), false))
            .toList();
    var group = new Adam.Group("all", model.llama().trainable(true).parameters());
    try (var adam = new Adam(List.of(group), Adam.Options.adamW())) {
      for (int step = 0; step < 40; step++) {
        try (var _ = Scope.open()) {
          adam.zeroGrad();
          model.loss(examples).sum().backward();
          adam.step(0.01);
        }
      }
    }
    model.llama().trainable(false);
  }

  private List<Outcome> run(Protocol protocol) {
    List<Long> done = new ArrayList<>();
    Progress progress = (what, finished, total, detail) -> done.add(finished);
    List<Outcome> results =
        new PromptEvaluation(model, TITLES, protocol, 3).run(rows, candidates, "asking", progress);
    assertEquals(rows.size(), done.getLast());
    assertEquals(done.stream().sorted().toList(), done);
    return results;
  }

  private Answer written(int i) {
    String text = model.generate(List.of(query(i))).getFirst();
    return Answer.of(text, candidates.get(i).candidates(), TITLES::get);
  }

  @Test
  void likelihoodRanksAllAndTellsWhatIsWritten() {
    List<Outcome> results = run(Protocol.LIKELIHOOD);
    int titles = 0;
    for (int i = 0; i < rows.size(); i++) {
      Outcome result = results.get(i);
      double[] scores = model.scores(List.of(query(i))).getFirst().logLikelihoods();
      assertArrayEquals(scores, result.scores(), 1e-4);
      assertEquals(100 + i, result.row());
      assertEquals(written(i).item(), result.answer().item());
      assertEquals(written(i).text().strip(), result.answer().text().strip());
      titles += result.answer().valid() ? 1 : 0;
    }
    assertTrue(titles > 0 && titles < rows.size(), titles + " rows are answered with a title");
  }

  @Test
  void generateRanksByWhatIsWritten() {
    List<Outcome> results = run(Protocol.GENERATE);
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(written(i).item(), results.get(i).answer().item());
      assertEquals(written(i).text().strip(), results.get(i).answer().text().strip());
      assertEquals(written(i).item() == rows.get(i).next() ? 1 : 0, results.get(i).rank());
    }
    // What is written does not depend on the protocol, letter for letter.
    assertEquals(
        run(Protocol.LIKELIHOOD).stream().map(Outcome::answer).toList(),
        results.stream().map(Outcome::answer).toList());
  }

  @Test
  void constrainedAnswersWithTheCandidateItArrivesAt() {
    List<Outcome> results = run(Protocol.CONSTRAINED);
    for (int i = 0; i < rows.size(); i++) {
      int chosen = model.scores(List.of(query(i))).getFirst().constrained();
      int item = candidates.get(i).candidates()[chosen];
      assertEquals(TITLES.get(item), results.get(i).answer().text());
      assertEquals(item == rows.get(i).next() ? 1 : 0, results.get(i).rank());
    }
  }
}
