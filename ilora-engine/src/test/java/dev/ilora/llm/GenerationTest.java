package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.llm.Generation.Continuation;
import dev.ilora.llm.Generation.Options;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Greedy and beam search on a tiny random model, against exhaustive search. */
@OneThread
@InScope
class GenerationTest {
  private static final int V = 23;
  private static final List<int[]> PROMPTS =
      List.of(new int[] {1, 2, 3}, new int[] {4}, new int[] {5, 6, 7, 8, 9});

  private static Adaptation adaptation() {
    return Adaptation.of(LlamaTest.adapters(), LlamaTest.expertWeights(3), false);
  }

  private static Adaptation row(Adaptation adaptation, int row) {
    return adaptation.rows(Tensor.of(new long[] {row}, 1));
  }

  /** log p of a continuation by one plain pass. */
  private static double logProbability(
      Llama llama, int[] prompt, int[] added, Adaptation adaptation) {
    int[] all = Arrays.copyOf(prompt, prompt.length + added.length);
    System.arraycopy(added, 0, all, prompt.length, added.length);
    Tensor embeddings = llama.embed(Tensor.ofInts(all, 1, all.length));
    float[] likely =
        llama
            .logits(llama.hidden(embeddings, Attention.causal(), adaptation))
            .logSoftmax(-1)
            .toFloats();
    double sum = 0;
    for (int i = 0; i < added.length; i++) {
      sum += likely[(prompt.length + i - 1) * V + added[i]];
    }
    return sum;
  }

  private static int[] withStop(Continuation continuation, int stop) {
    int[] tokens = continuation.tokens();
    if (!continuation.stopped()) {
      return tokens;
    }
    int[] all = Arrays.copyOf(tokens, tokens.length + 1);
    all[tokens.length] = stop;
    return all;
  }

  @Test
  void greedyTakesTheLikeliestTokenWithAndWithoutCacheAloneAndTogether() {
    Llama llama = LlamaTest.model();
    Adaptation adaptation = adaptation();
    Options options = Options.of(6, Set.of());
    var cached = new Generation(llama, options).greedy(Prompts.of(llama, PROMPTS), adaptation);
    var whole =
        new Generation(llama, options.cached(false)).greedy(Prompts.of(llama, PROMPTS), adaptation);
    for (int row = 0; row < PROMPTS.size(); row++) {
      Adaptation own = row(adaptation, row);
      var alone =
          new Generation(llama, options)
              .greedy(Prompts.of(llama, List.of(PROMPTS.get(row))), own)
              .getFirst();
      assertArrayEquals(alone.tokens(), cached.get(row).tokens());
      assertArrayEquals(alone.tokens(), whole.get(row).tokens());
      assertEquals(
          logProbability(llama, PROMPTS.get(row), alone.tokens(), own),
          cached.get(row).logProbability(),
          1e-4);
      assertFalse(alone.stopped());
    }
  }

  @Test
  void greedyEndsAtTheStopTokenAndNotBefore() {
    Llama llama = LlamaTest.model();
    Adaptation adaptation = adaptation();
    int[] free =
        new Generation(llama, Options.of(6, Set.of()))
            .greedy(Prompts.of(llama, PROMPTS), adaptation)
            .getFirst()
            .tokens();
    int stop = free[3];
    int first = 0;
    while (free[first] != stop) {
      first++;
    }
    Continuation stopped =
        new Generation(llama, Options.of(6, Set.of(stop)))
            .greedy(Prompts.of(llama, PROMPTS), adaptation)
            .getFirst();
    assertArrayEquals(Arrays.copyOf(free, first), stopped.tokens());
    assertTrue(stopped.stopped());
  }

  /** With as many beams as there are prefixes nothing is ever dropped. */
  @Test
  void wideBeamFindsTheBestOfAll() {
    Llama llama = LlamaTest.model();
    Adaptation adaptation = row(adaptation(), 1);
    int stop = 3;
    int[] letters = {2, 3, 5, 11};
    Generation.NextTokens filter = (prompt, generated) -> letters;
    Options options = Options.of(3, Set.of(stop)).filtered(filter);
    int[] prompt = {4, 9};
    List<Continuation> all = new ArrayList<>();
    enumerate(llama, prompt, new int[0], letters, stop, adaptation, all);
    all.sort(Comparator.comparingDouble(Continuation::logProbability).reversed());
    for (boolean cached : new boolean[] {true, false}) {
      List<Continuation> found =
          new Generation(llama, options.cached(cached))
              .beam(Prompts.of(llama, List.of(prompt)), adaptation, 40)
              .getFirst();
      assertEquals(all.size(), found.size());
      for (int i = 0; i < found.size(); i++) {
        assertEquals(all.get(i).logProbability(), found.get(i).logProbability(), 1e-4);
        assertEquals(
            found.get(i).logProbability(),
            logProbability(llama, prompt, withStop(found.get(i), stop), adaptation),
            1e-4);
      }
    }
  }

  private static void enumerate(
      Llama llama,
      int[] prompt,
      int[] tokens,
      int[] letters,
      int stop,
      Adaptation adaptation,
      List<Continuation> all) {
    for (int letter : letters) {
      int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
      longer[tokens.length] = letter;
      if (letter == stop || longer.length == 3) {
        all.add(
            new Continuation(
                longer, letter == stop, logProbability(llama, prompt, longer, adaptation)));
      } else {
        enumerate(llama, prompt, longer, letters, stop, adaptation, all);
      }
    }
  }

  @Test
  void beamsOfABatchAreThoseOfEachPromptAlone() {
    Llama llama = LlamaTest.model();
    Adaptation adaptation = adaptation();
    Generation generation = new Generation(llama, Options.of(5, Set.of(3, 12)));
    var together = generation.beam(Prompts.of(llama, PROMPTS), adaptation, 4);
    for (int row = 0; row < PROMPTS.size(); row++) {
      var alone =
          generation
              .beam(Prompts.of(llama, List.of(PROMPTS.get(row))), row(adaptation, row), 4)
              .getFirst();
      assertEquals(alone.size(), together.get(row).size());
      for (int i = 0; i < alone.size(); i++) {
        assertArrayEquals(alone.get(i).tokens(), together.get(row).get(i).tokens());
      }
    }
  }

  /** Only given titles can come out, each prompt having its own. */
  @Test
  void filterAllowsNothingElse() {
    Llama llama = LlamaTest.model();
    int[][][] titles = {{{5, 6}, {5, 7, 8}}, {{9}, {10, 11, 12}}, {{13, 14}}};
    Generation.NextTokens filter =
        (prompt, generated) -> {
          List<Integer> next = new ArrayList<>();
          for (int[] title : titles[prompt]) {
            boolean follows =
                generated.length < title.length
                    && Arrays.equals(generated, Arrays.copyOf(title, generated.length));
            if (follows && !next.contains(title[generated.length])) {
              next.add(title[generated.length]);
            }
          }
          return next.stream().mapToInt(Integer::intValue).toArray();
        };
    Options options = Options.of(8, Set.of()).filtered(filter);
    for (int beams : new int[] {1, 3}) {
      var found =
          new Generation(llama, options).beam(Prompts.of(llama, PROMPTS), adaptation(), beams);
      for (int row = 0; row < PROMPTS.size(); row++) {
        int[][] own = titles[row];
        assertEquals(Math.min(beams, own.length), found.get(row).size());
        for (Continuation continuation : found.get(row)) {
          assertTrue(continuation.stopped());
          assertTrue(Arrays.stream(own).anyMatch(t -> Arrays.equals(t, continuation.tokens())));
        }
      }
    }
  }

  @Test
  void refusesWhatCannotBe() {
    Llama llama = LlamaTest.model();
    Prompts prompts = Prompts.of(llama, PROMPTS);
    assertEquals(
        "prompt 2 has 5 tokens; with 60 new ones it exceeds the model's context of 64",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new Generation(llama, Options.of(60, Set.of()))
                        .greedy(prompts, Adaptation.NONE))
            .getMessage());
    assertEquals(
        "length of prompt 1: expected 1 to 2, got 0",
        assertThrows(
                IllegalArgumentException.class,
                () -> Prompts.of(llama, List.of(new int[] {1, 2}, new int[0])))
            .getMessage());
    assertEquals(
        "new tokens: expected at least 1, got 0",
        assertThrows(IllegalArgumentException.class, () -> Options.of(0, Set.of())).getMessage());
    assertEquals(
        "beams: expected at least 1, got 0",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new Generation(llama, Options.of(1, Set.of()))
                        .beam(prompts, Adaptation.NONE, 0))
            .getMessage());
  }

  /** What is cached would be wrong from some length on; it is computed anew then. */
  @Test
  void anglesThatChangeOnTheWayMakeNoDifferenceToACache() {
    Llama llama =
        Llama.create(
                TinyForm.LONG_ROPE.of(LlamaConfig.small(V, 16, 40, 2, 4, 2, 128)), 5, Device.CPU)
            .trainable(false);
    llama.parameters().values().stream()
        .filter(weight -> weight.dim() == 2)
        .forEach(weight -> weight.mulInPlace(8));
    int[] longPrompt = new int[60];
    Arrays.setAll(longPrompt, i -> 7 * i % V);
    Prompts prompts = Prompts.of(llama, List.of(longPrompt, new int[] {4, 5}));
    List<int[]> ways = new ArrayList<>();
    for (boolean cached : new boolean[] {true, false}) {
      var options = Generation.Options.of(10, Set.of()).cached(cached);
      ways.add(new Generation(llama, options).greedy(prompts, Adaptation.NONE).get(0).tokens());
    }
    assertArrayEquals(ways.get(1), ways.get(0));
  }
}
