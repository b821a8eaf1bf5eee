package dev.ilora.hybrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Gate;
import dev.ilora.adapter.GateSizes;
import dev.ilora.adapter.Guidance;
import dev.ilora.data.Case;
import dev.ilora.llm.Generation;
import dev.ilora.nn.Adam;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.prompt.Prompt;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses and scores against the obvious: one row at a time, one token after the other. */
@OneThread
@InScope
class PromptModelTest {
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

  private static void assertScoresAreThoseOfEachAlone(PromptModel model) {
    assertScoresAreThoseOfEachAlone(model, TinyModels.cases());
  }

  private static void assertScoresAreThoseOfEachAlone(PromptModel model, List<Case> cases) {
    List<CandidateScores> scores = model.scores(cases);
    int[] constrained = model.constrained(cases);
    List<String> written = model.generate(cases);
    for (int b = 0; b < cases.size(); b++) {
      Case asked = cases.get(b);
      Prompt prompt = model.prompt(asked);
      double[] expected = new double[asked.candidates().length];
      for (int c = 0; c < expected.length; c++) {
        int[] answer = model.encoder().answer(asked.candidates()[c], prompt);
        expected[c] = SlowPromptModel.logLikelihood(model, asked, prompt, answer);
      }
      assertArrayEquals(expected, scores.get(b).logLikelihoods(), 1e-4);
      assertEquals(SlowPromptModel.constrained(model, asked, prompt), scores.get(b).constrained());
      assertEquals(scores.get(b).constrained(), constrained[b]);
      int greedy = scores.get(b).greedy();
      if (greedy >= 0) {
        String title = TinyModels.TITLES.get(asked.candidates()[greedy]);
        assertEquals(title, written.get(b).strip());
      } else {
        List<String> titles =
            Arrays.stream(asked.candidates()).mapToObj(TinyModels.TITLES::get).toList();
        assertTrue(!titles.contains(written.get(b).strip()), written.get(b));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.ilora.hybrid.TinyModels#prompts")
  void scoresAreThoseOfEachCandidateAlone(TinyModels.Kind kind) {
    assertScoresAreThoseOfEachAlone(TinyModels.trained(tokenizer, kind));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "per-layer", "residual"})
  void scoresAreThoseOfEachAloneWithOtherGates(String gate) {
    assertScoresAreThoseOfEachAlone(
        TinyModels.trained(
            tokenizer,
            new TinyModels.Kind(
                ItemEmbeddings.SLOT, TinyModels.gate(gate), Guidance.SEQUENCE, 0.5)));
  }

  @ParameterizedTest
  @MethodSource("dev.ilora.hybrid.TinyModels#doras")
  void scoresAreThoseOfEachAloneWithDora(TinyModels.Kind kind) {
    PromptModel model = TinyModels.trained(tokenizer, kind);
    assertScoresAreThoseOfEachAlone(model);
    List<String> together = model.generate(TinyModels.cases());
    for (int i = 0; i < together.size(); i++) {
      assertEquals(together.get(i), model.generate(List.of(TinyModels.cases().get(i))).getFirst());
    }
  }

  @ParameterizedTest
  @EnumSource(ItemEmbeddings.class)
  void scoresAndGradientsAreThoseOfEachAloneWithVirtualTokens(ItemEmbeddings form) {
    PromptModel model = TinyModels.withVirtualTokens(tokenizer, form);
    assertScoresAreThoseOfEachAlone(model);
    assertAccumulatedGradientsAreThoseOfTheLoss(model);
    assertTrue(model.parameters().containsKey("adapter.prompt_embeddings"));
    for (Case asked : TinyModels.cases()) {
      assertEquals(model.prompt(asked).length(), model.promptLength(asked));
      assertEquals(0, model.prompt(asked).slotPositions()[0]);
    }
  }

  @ParameterizedTest
  @EnumSource(ItemEmbeddings.class)
  void scoresAndGradientsAreThoseOfEachAloneWithAPrefix(ItemEmbeddings form) {
    PromptModel model = TinyModels.withPrefix(tokenizer, form);
    assertScoresAreThoseOfEachAlone(model);
    assertAccumulatedGradientsAreThoseOfTheLoss(model);
    assertTrue(model.parameters().containsKey("adapter.prompt_embeddings"));
    for (boolean cached : new boolean[] {true, false}) {
      var options = Generation.Options.of(5, Set.of()).cached(cached);
      List<Generation.Continuation> together = model.greedy(TinyModels.cases(), options);
      for (int i = 0; i < together.size(); i++) {
        Case asked = TinyModels.cases().get(i);
        assertArrayEquals(likeliest(model, asked, 5), together.get(i).tokens());
      }
    }
  }

  /** Tokens after a prompt, each from a pass of its own over all before it. */
  private static int[] likeliest(PromptModel model, Case asked, int count) {
    int[] tokens = new int[0];
    for (int i = 0; i < count; i++) {
      double[][] rows = SlowPromptModel.logProbabilities(model, asked, model.prompt(asked), tokens);
      double[] last = rows[rows.length - 1];
      int best = 0;
      for (int v = 1; v < last.length; v++) {
        best = last[v] > last[best] ? v : best;
      }
      tokens = Arrays.copyOf(tokens, i + 1);
      tokens[i] = best;
    }
    return tokens;
  }

  @Test
  void likelihoodsWhereNothingIsAskedComeAfterTheVirtualTokens() {
    assertUnaskedComesAfterWhatIsLearned(
        TinyModels.withVirtualTokens(tokenizer, ItemEmbeddings.SLOT));
  }

  @Test
  void likelihoodsWhereNothingIsAskedComeAfterThePrefix() {
    assertUnaskedComesAfterWhatIsLearned(TinyModels.withPrefix(tokenizer, ItemEmbeddings.SLOT));
  }

  private static void assertUnaskedComesAfterWhatIsLearned(PromptModel model) {
    Case asked = TinyModels.cases().getFirst();
    double[] whole = model.scores(List.of(asked)).getFirst().logLikelihoods();
    double[] pmi = model.scores(List.of(asked), LikelihoodForm.PMI).getFirst().logLikelihoods();
    Prompt unasked = model.encoder().unasked();
    assertEquals(3 + model.encoder().beginning().length, unasked.length());
    for (int c = 0; c < pmi.length; c++) {
      int[] answer = model.encoder().answer(asked.candidates()[c]);
      double before = SlowPromptModel.logLikelihood(model, asked, unasked, answer);
      assertEquals(whole[c] - before, pmi[c], 1e-3);
    }
  }

  /** Titles that begin others, equal titles, one candidate, one asked. */
  @Test
  void scoresOfAnyCandidatesAreThoseOfEachAlone() {
    PromptModel model =
        TinyModels.trained(tokenizer, TinyModels.Kind.of(ItemEmbeddings.TITLE_TOKENS));
    Random random = new Random(12);
    int items = TinyModels.TITLES.size();
    for (int round = 0; round < 8; round++) {
      List<Case> cases = new ArrayList<>();
      for (int b = random.nextInt(1, 4); b > 0; b--) {
        int[] history = random.ints(random.nextInt(1, 5), 0, items).toArray();
        int[] candidates = random.ints(random.nextInt(1, 7), 0, items).distinct().toArray();
        cases.add(Case.asked("user " + b, history, candidates));
      }
      assertScoresAreThoseOfEachAlone(model, cases);
    }
  }

  /** A gate that looked at what follows the prompt would see the answer in training. */
  @ParameterizedTest
  @EnumSource(
      value = Guidance.class,
      names = {"PROMPT_MEAN", "RANDOM"})
  void guidanceDoesNotSeeWhatFollowsThePrompt(Guidance guidance) {
    PromptModel model =
        TinyModels.trained(
            tokenizer,
            new TinyModels.Kind(
                ItemEmbeddings.TITLE_TOKENS, TinyModels.gate("linear"), guidance, 0));
    assertScoresAreThoseOfEachAlone(model);
    assertLossIsTheObviousSum(model);
  }

  @Test
  void whatFollowsAPromptIsWhatFollowsItAlone() {
    PromptModel model =
        TinyModels.trained(
            tokenizer, TinyModels.Kind.of(ItemEmbeddings.TITLE_TOKENS).withUserSlot());
    List<Case> cases = TinyModels.cases();
    Tensor likely = model.nextLogits(cases).logSoftmax(-1);
    var continuations = model.greedy(cases, Generation.Options.of(3, Set.of()));
    for (int b = 0; b < cases.size(); b++) {
      Prompt prompt = model.prompt(cases.get(b));
      int[] written = continuations.get(b).tokens();
      double[][] rows = SlowPromptModel.logProbabilities(model, cases.get(b), prompt, written);
      double[] next = rows[prompt.length() - 1];
      float[] given = likely.select(0, b).toFloats();
      for (int v = 0; v < given.length; v++) {
        assertEquals(next[v], given[v], 1e-4);
      }
      for (int i = 0; i < written.length; i++) {
        double[] row = rows[prompt.length() - 1 + i];
        assertEquals(Arrays.stream(row).max().orElseThrow(), row[written[i]]);
      }
      assertEquals(3, written.length);
    }
  }

  private static void assertLossIsTheObviousSum(PromptModel model) {
    List<Example> examples = new ArrayList<>();
    double expected = 0;
    long answerTokens = 0;
    for (Case asked : TinyModels.cases()) {
      int target = asked.candidates()[2];
      examples.add(new Example(asked.withTarget(target), false));
      Prompt prompt = model.prompt(asked);
      int[] answer = model.encoder().answer(target, prompt);
      expected -= SlowPromptModel.logLikelihood(model, asked, prompt, answer);
      answerTokens += answer.length;
    }
    PromptModel.Loss loss = model.loss(examples);
    assertEquals(expected, loss.sum().item(), 1e-4 * expected);
    assertEquals(answerTokens, loss.answerTokens());
  }

  @ParameterizedTest
  @MethodSource("dev.ilora.hybrid.TinyModels#prompts")
  void lossIsTheSumOverAnswerTokens(TinyModels.Kind kind) {
    assertLossIsTheObviousSum(TinyModels.trained(tokenizer, kind));
  }

  private static Map<String, float[]> gradients(PromptModel model) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    model
        .parameters()
        .forEach(
            (name, weight) -> {
              gradients.put(name, weight.grad().toFloats());
              weight.clearGrad();
            });
    return gradients;
  }

  @ParameterizedTest
  @MethodSource("dev.ilora.hybrid.TinyModels#prompts")
  void accumulatedGradientsAreThoseOfTheLoss(TinyModels.Kind kind) {
    assertAccumulatedGradientsAreThoseOfTheLoss(kind);
  }

  @ParameterizedTest
  @MethodSource("dev.ilora.hybrid.TinyModels#doras")
  void accumulatedGradientsAreThoseOfTheLossWithDora(TinyModels.Kind kind) {
    assertAccumulatedGradientsAreThoseOfTheLoss(kind);
  }

  private void assertAccumulatedGradientsAreThoseOfTheLoss(TinyModels.Kind kind) {
    assertAccumulatedGradientsAreThoseOfTheLoss(TinyModels.trained(tokenizer, kind));
  }

  private static void assertAccumulatedGradientsAreThoseOfTheLoss(PromptModel model) {
    List<Example> examples =
        TinyModels.cases().stream()
            .map(
                asked ->
                    new Example(asked.withTarget(asked.candidates()[1]), asked.user().equals("u2")))
            .toList();
    PromptModel.Loss loss = model.loss(examples);
    loss.sum().div(3).backward();
    Map<String, float[]> expected = gradients(model);
    for (boolean checkpoint : new boolean[] {false, true}) {
      PromptModel.Accumulated accumulated = model.accumulate(examples, 3, checkpoint);
      assertEquals(loss.sum().item() / 3, accumulated.loss(), 1e-5 * loss.sum().item());
      assertEquals(loss.tokens(), accumulated.tokens());
      gradients(model)
          .forEach((name, own) -> assertArrayEquals(expected.get(name), own, 1e-4f, name));
    }
  }

  /** A curriculum's batch: some prompts in text only, beside others with embeddings. */
  @Test
  void textOnlyExamplesLeaveOutEmbeddings() {
    PromptModel model =
        TinyModels.trained(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT_AND_TITLE));
    Case text = TinyModels.cases().get(0);
    Case hybrid = TinyModels.cases().get(1);
    Prompt plain =
        TinyModels.encoder(tokenizer, ItemEmbeddings.NONE)
            .encode(text.history(), text.candidates());
    double expected =
        -SlowPromptModel.logLikelihood(model, text, plain, model.encoder().answer(1))
            - SlowPromptModel.logLikelihood(
                model, hybrid, model.prompt(hybrid), model.encoder().answer(4));
    double loss =
        model
            .loss(
                List.of(
                    new Example(text.withTarget(1), true),
                    new Example(hybrid.withTarget(4), false)))
            .sum()
            .item();
    assertEquals(expected, loss, 1e-4 * expected);
  }

  @Test
  void greedyWritesWhatWasLearned() {
    PromptModel model = TinyModels.fresh(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT));
    Case asked = TinyModels.cases().get(1);
    var group = new Adam.Group("all", model.llama().trainable(true).parameters());
    try (var adam = new Adam(List.of(group), Adam.Options.adamW())) {
      for (int step = 0; step < 60; step++) {
        try (var _ = Scope.open()) {
          adam.zeroGrad();
          model.loss(List.of(new Example(asked.withTarget(4), false))).sum().backward();
          adam.step(0.01);
        }
      }
    }
    CandidateScores scores = model.scores(List.of(asked)).getFirst();
    assertEquals(1, scores.greedy());
    assertEquals(1, scores.constrained());
    assertEquals("Blue Sea of Stars", model.generate(List.of(asked)).getFirst().strip());
  }

  @Test
  void expertWeightsSumToOneAndNeedAGate() {
    PromptModel model = TinyModels.trained(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT));
    float[] weights = model.expertWeights(TinyModels.cases()).orElseThrow().toFloats();
    assertEquals(6, weights.length);
    for (int b = 0; b < 3; b++) {
      assertEquals(1, weights[2 * b] + weights[2 * b + 1], 1e-6);
    }
    assertTrue(Math.abs(weights[0] - weights[2]) > 1e-4, Arrays.toString(weights));
    PromptModel plain =
        TinyModels.trained(
            tokenizer,
            new TinyModels.Kind(
                ItemEmbeddings.NONE, TinyModels.gate("none"), Guidance.SEQUENCE, 0));
    assertTrue(plain.expertWeights(TinyModels.cases()).isEmpty());
  }

  @Test
  void theGuideIsThatOfThePromptsOrOfTheGate() {
    assertTrue(
        TinyModels.fresh(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT)).guide().isPresent());
    PromptModel gated = TinyModels.fresh(tokenizer, TinyModels.Kind.of(ItemEmbeddings.NONE));
    assertEquals(new Conditioning.TextOnly(), gated.conditioning());
    assertTrue(gated.guide().isPresent());
    var byPrompt =
        new TinyModels.Kind(
            ItemEmbeddings.NONE, TinyModels.gate("linear"), Guidance.PROMPT_MEAN, 0);
    assertTrue(TinyModels.fresh(tokenizer, byPrompt).guide().isEmpty());
  }

  private static void assertRefused(String message, Executable construction) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, construction).getMessage());
  }

  @Test
  void refusesPartsThatDoNotFitEachOther() {
    PromptModel model =
        TinyModels.fresh(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT).withUserSlot());
    var embedded = (Conditioning.Embedded) model.conditioning();
    var mixture = (Tuning.Mixture) model.tuning();
    assertRefused(
        "prompts have places for embeddings of items, which have no projector",
        () -> rejoined(model, new Conditioning.TextOnly(), mixture));
    assertRefused(
        "prompts have places for embeddings of users, which have no projector",
        () ->
            rejoined(
                model,
                new Conditioning.Embedded(embedded.guide(), embedded.items(), Optional.empty()),
                mixture));
    assertRefused(
        "prompts and gate have different recommenders: one guides both",
        () ->
            rejoined(
                model,
                new Conditioning.Embedded(TinyModels.guide(), embedded.items(), embedded.user()),
                mixture));
    assertRefused(
        "neither items nor the user have a projector: prompts are text only",
        () -> new Conditioning.Embedded(embedded.guide(), Optional.empty(), Optional.empty()));
    Gate other = Gate.create(mixture.gate().config(), new GateSizes(16, 3, 2), 1, model.device());
    assertRefused(
        "the gate weighs 3 experts, the adapters have 2",
        () -> new Tuning.Mixture(mixture.adapters(), other, mixture.input()));
  }

  private static PromptModel rejoined(PromptModel model, Conditioning conditioning, Tuning tuning) {
    return new PromptModel(model.llama(), model.encoder(), model.encoder(), conditioning, tuning);
  }
}
