package dev.ilora.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.Progress;
import dev.ilora.adapter.Adaptation;
import dev.ilora.data.Case;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.LikelihoodForm;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.llm.Attention;
import dev.ilora.nn.Adam;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.statistics.Answer;
import dev.ilora.statistics.Outcome;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import dev.ilora.tokenizer.TokenList;
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
@OneThread
@InScope
class PromptRankerTest {
  private static final List<String> TITLES = TinyModels.TITLES;

  @TempDir Path folder;
  private final List<Case> cases = new ArrayList<>();
  private Tokenizer tokenizer;
  private PromptModel model;

  @BeforeEach
  void open() throws IOException {
    tokenizer = TinyModels.tokenizer(folder);
    model = TinyModels.fresh(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT));
    Random random = new Random(3);
    for (int i = 0; i < 13; i++) {
      List<Integer> items = new ArrayList<>(IntStream.range(0, TITLES.size()).boxed().toList());
      Collections.shuffle(items, random);
      int[] offered = items.subList(0, 5).stream().mapToInt(Integer::intValue).toArray();
      int[] history = random.ints(random.nextInt(1, 6), 0, TITLES.size()).toArray();
      cases.add(new Case(100 + i, "u" + i / 2, history, offered[random.nextInt(5)], offered));
    }
    learnSome();
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  /** Enough that some rows are answered with a title. */
  private void learnSome() {
    List<Example> examples =
        IntStream.range(0, 4).mapToObj(i -> new Example(cases.get(i), false)).toList();
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

  private List<Outcome> run(Protocol.OfText protocol) {
    List<Long> done = new ArrayList<>();
    Progress progress = (what, finished, total, detail) -> done.add(finished);
    List<Outcome> results =
        Evaluation.run(new PromptRanker(model, TITLES, protocol, 3), cases, "asking", progress);
    assertEquals(cases.size(), done.getLast());
    assertEquals(done.stream().sorted().toList(), done);
    return results;
  }

  private Answer written(int i) {
    String text = model.generate(List.of(cases.get(i))).getFirst();
    return Answer.of(text, cases.get(i).candidates(), TITLES::get);
  }

  @Test
  void likelihoodRanksAllAndTellsWhatIsWritten() {
    List<Outcome> results = run(new Protocol.Likelihood());
    int titles = 0;
    for (int i = 0; i < cases.size(); i++) {
      Outcome result = results.get(i);
      double[] scores = model.scores(List.of(cases.get(i))).getFirst().logLikelihoods();
      assertArrayEquals(scores, result.scores().orElseThrow(), 1e-4);
      assertEquals(100 + i, result.row());
      assertEquals(written(i).item(), result.answer().orElseThrow().item());
      assertEquals(written(i).text().strip(), result.answer().orElseThrow().text().strip());
      titles += result.answer().orElseThrow().valid() ? 1 : 0;
    }
    assertTrue(titles > 0 && titles < cases.size(), titles + " rows are answered with a title");
  }

  /** Log-probability of the answer of an item after given tokens, one token at a time. */
  private double slow(int[] before, int item) {
    int[] answer = model.encoder().answer(item);
    int[] all = TokenList.joined(before, answer);
    try (var _ = Scope.open()) {
      Tensor embeddings = model.llama().embed(Tensor.ofInts(all, 1, all.length));
      Tensor likely =
          model
              .llama()
              .scores(
                  model
                      .llama()
                      .hidden(embeddings, Attention.causal(), Adaptation.NONE)
                      .view(all.length, -1))
              .logSoftmax(-1);
      double sum = 0;
      for (int i = 0; i < answer.length; i++) {
        sum += likely.select(0, before.length + i - 1L).select(0, answer[i]).item();
      }
      return sum;
    }
  }

  @Test
  void likelihoodsOfOtherFormsAreWhatTheyAreCalled() {
    List<Outcome> sums = run(new Protocol.Likelihood());
    List<Outcome> means = run(new Protocol.Likelihood(LikelihoodForm.MEAN));
    List<Outcome> gains = run(new Protocol.Likelihood(LikelihoodForm.PMI));
    for (int i = 0; i < cases.size(); i++) {
      int[] candidates = cases.get(i).candidates();
      for (int c = 0; c < candidates.length; c++) {
        double sum = sums.get(i).scores().orElseThrow()[c];
        double alone = slow(model.encoder().beginning(), candidates[c]);
        int tokens = model.encoder().answer(candidates[c]).length;
        assertEquals(sum / tokens, means.get(i).scores().orElseThrow()[c], 1e-3);
        assertEquals(sum - alone, gains.get(i).scores().orElseThrow()[c], 1e-3);
      }
    }
    assertEquals("likelihood", new Protocol.Likelihood().key());
    assertEquals(new Protocol.Likelihood(LikelihoodForm.PMI), Protocol.ofText("likelihood-pmi"));
  }

  @Test
  void generateRanksByWhatIsWritten() {
    List<Outcome> results = run(new Protocol.Generate());
    for (int i = 0; i < cases.size(); i++) {
      assertEquals(written(i).item(), results.get(i).answer().orElseThrow().item());
      assertEquals(written(i).text().strip(), results.get(i).answer().orElseThrow().text().strip());
      assertEquals(written(i).item() == cases.get(i).target() ? 1 : 0, results.get(i).rank());
    }
    // What is written does not depend on the protocol, letter for letter.
    assertEquals(
        run(new Protocol.Likelihood()).stream().map(Outcome::answer).toList(),
        results.stream().map(Outcome::answer).toList());
  }

  @Test
  void constrainedAnswersWithTheCandidateItArrivesAt() {
    List<Outcome> results = run(new Protocol.Constrained());
    for (int i = 0; i < cases.size(); i++) {
      int chosen = model.scores(List.of(cases.get(i))).getFirst().constrained();
      int item = cases.get(i).candidates()[chosen];
      assertEquals(TITLES.get(item), results.get(i).answer().orElseThrow().text());
      assertEquals(item == cases.get(i).target() ? 1 : 0, results.get(i).rank());
    }
  }
}
