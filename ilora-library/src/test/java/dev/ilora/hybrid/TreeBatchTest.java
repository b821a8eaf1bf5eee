package dev.ilora.hybrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.ilora.adapter.Adaptation;
import dev.ilora.llm.Attention;
import dev.ilora.llm.DecoderForm;
import dev.ilora.llm.KvCache;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.Prompts;
import dev.ilora.llm.Rope;
import dev.ilora.llm.Sight;
import dev.ilora.llm.TokenScores;
import dev.ilora.prompt.CandidateTrie;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trees of any answers against each answer as a sequence of its own. */
@OneThread
@InScope
class TreeBatchTest {
  private static final int VOCABULARY = 9;

  private Llama llama;

  @BeforeEach
  void open() {
    llama =
        Llama.create(LlamaConfig.small(VOCABULARY, 16, 24, 2, 4, 2, 64), 5, Device.CPU)
            .trainable(false);
    llama.parameters().values().stream()
        .filter(weight -> weight.dim() == 2)
        .forEach(weight -> weight.mulInPlace(8));
  }

  /** Shared beginnings, answers that begin others, equal answers, one answer, one token. */
  @Test
  void scoresEveryAnswerAsIfAlone() {
    checkRandomTrees();
  }

  /** Windows end within prompts and within answers. */
  @Test
  void scoresEveryAnswerAsIfAloneThroughWindows() {
    DecoderForm plain = llama.config().form();
    Rope rope = llama.config().rope();
    DecoderForm windowed =
        new DecoderForm(
            plain.norms(),
            plain.headNorms(),
            plain.zeroCentredNorms(),
            plain.activation(),
            plain.biases(),
            plain.scales(),
            List.of(new Sight(2, rope), new Sight(4, rope)));
    llama = Llama.of(llama.config().withForm(windowed), llama.parameters()).trainable(false);
    checkRandomTrees();
  }

  private void checkRandomTrees() {
    Random random = new Random(8);
    for (int round = 0; round < 20; round++) {
      List<int[]> prompts = new ArrayList<>();
      List<List<int[]>> answers = new ArrayList<>();
      for (int b = random.nextInt(1, 4); b > 0; b--) {
        prompts.add(tokens(random, random.nextInt(1, 6), VOCABULARY));
        // Three different tokens alone, so that beginnings meet.
        int count = random.nextInt(1, 7);
        answers.add(
            Stream.generate(() -> tokens(random, random.nextInt(1, 5), 3)).limit(count).toList());
      }
      check(prompts, answers);
    }
  }

  private static int[] tokens(Random random, int length, int different) {
    return random.ints(length, 0, different).toArray();
  }

  private void check(List<int[]> prompts, List<List<int[]>> answers) {
    List<CandidateTrie> tries = answers.stream().map(CandidateTrie::new).toList();
    TreeBatch trees = new TreeBatch(tries);
    TokenScores nodes =
        TokenScores.of(
            llama,
            hidden(prompts, trees),
            trees.predictedFrom(),
            trees.predicted(),
            Integer.MAX_VALUE);
    int first = 0;
    for (int b = 0; b < prompts.size(); b++) {
      CandidateTrie trie = tries.get(b);
      for (int c = 0; c < trie.candidates(); c++) {
        int[] path = trie.path(c);
        double[] scores = new double[path.length];
        for (int i = 0; i < path.length; i++) {
          scores[i] = nodes.logProbabilities()[first + path[i]];
        }
        assertArrayEquals(alone(prompts.get(b), answers.get(b).get(c)), scores, 1e-4);
      }
      first += trie.size();
    }
  }

  /** Of the prompts' ends and the inner nodes, from the prompts' cached keys and values. */
  private Tensor hidden(List<int[]> tokens, TreeBatch trees) {
    Prompts prompts = Prompts.of(llama, tokens);
    KvCache cache = llama.newCache(prompts.size(), prompts.columns() + trees.length());
    Tensor last =
        llama.hiddenAt(
            prompts.embeddings(),
            new Attention.Prefill(cache, prompts.lengths()),
            Adaptation.NONE,
            prompts.lastPositions());
    if (trees.length() == 0) {
      return last;
    }
    int[] positions = trees.depths();
    Arrays.setAll(positions, i -> prompts.lengths()[i / trees.length()] + positions[i]);
    Attention attention =
        new Attention.Cached(
            cache,
            Tensor.ofInts(positions, prompts.size(), trees.length()),
            trees.allowed(Device.CPU),
            trees.lengths());
    Tensor inner =
        llama.hiddenAt(
            llama.embed(trees.tokens(Device.CPU)),
            attention,
            Adaptation.NONE,
            trees.real(Device.CPU));
    return Tensor.cat(List.of(last, inner), 0);
  }

  /** Log-probability of each token of an answer, by one plain pass. */
  private double[] alone(int[] prompt, int[] answer) {
    int[] all = Arrays.copyOf(prompt, prompt.length + answer.length);
    System.arraycopy(answer, 0, all, prompt.length, answer.length);
    Tensor embeddings = llama.embed(Tensor.ofInts(all, 1, all.length));
    float[] likely =
        llama
            .logits(llama.hidden(embeddings, Attention.causal(), Adaptation.NONE))
            .logSoftmax(-1)
            .toFloats();
    double[] scores = new double[answer.length];
    Arrays.setAll(scores, i -> likely[(prompt.length + i - 1) * VOCABULARY + answer[i]]);
    return scores;
  }
}
