package dev.ilora.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Projection;
import dev.ilora.llm.LlamaConfig;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against sums written out by hand; every product of (m, k) and (k, n) is 2·m·k·n operations. */
class NecessaryWorkTest {
  /** V 10, C 8, F 12, 2 layers, 2 heads, 1 key/value head of width 4. */
  private static final LlamaConfig LLAMA = LlamaConfig.small(10, 8, 12, 2, 2, 1, 64);

  /** 5 tokens, the last 2 of them asked, 3 slots. */
  private static final NecessaryWork.Sequence SEQUENCE = new NecessaryWork.Sequence(5, 2, 3);

  private static double product(double m, double k, double n) {
    return 2 * m * k * n;
  }

  @Test
  void theFrozenModelTakesForwardAndInputGradient() {
    double head = product(2, 8, 10) + product(2, 10, 8);
    // layer 0: q and o are (8, 8), k and v (4, 8), gate and up (12, 8), down (8, 12)
    double firstForward =
        2 * product(5, 8, 8) + 2 * product(5, 8, 4) + 2 * product(5, 8, 12) + product(5, 12, 8);
    double firstBackward =
        product(3, 8, 8) // q, at the slots
            + product(5, 8, 8) // o
            + 2 * product(3, 4, 8) // k and v, at the slots
            + 2 * product(5, 12, 8)
            + product(5, 8, 12);
    // layer 1: keys and values of all tokens, everything else of the 2 asked
    double lastForward =
        2 * product(2, 8, 8) + 2 * product(5, 8, 4) + 2 * product(2, 8, 12) + product(2, 12, 8);
    double lastBackward = lastForward;
    // tokens seen: 1 + 2 + 3 + 4 + 5 in layer 0, 4 + 5 in layer 1; 2 heads of width 4
    double firstAttention = 2 * (product(15, 4, 1) + product(15, 1, 4));
    double lastAttention = 2 * (product(9, 4, 1) + product(9, 1, 4));
    double expected =
        head
            + firstForward
            + firstBackward
            + lastForward
            + lastBackward
            + 3 * (firstAttention + lastAttention);
    assertEquals(expected, new NecessaryWork(LLAMA, null).trainingStep(List.of(SEQUENCE)));
  }

  @Test
  void anAdapterTakesForwardAndThreeGradients() {
    AdapterConfig queriesAndDown =
        AdapterConfig.mixture(EnumSet.of(Projection.Q_PROJ, Projection.DOWN_PROJ), 2, 4, 8, 0);
    double frozen = new NecessaryWork(LLAMA, null).trainingStep(List.of(SEQUENCE));
    double firstQueries =
        product(5, 8, 4) // A x
            + product(5, 4, 8) // B (A x)
            + product(5, 8, 4) // gradient of A x
            + product(8, 5, 4) // gradient of B
            + product(4, 5, 8) // gradient of A
            + product(3, 4, 8); // gradient of x, at the slots
    double firstDown = 3 * product(5, 12, 4) + 3 * product(5, 4, 8);
    double lastQueries = 3 * product(2, 8, 4) + 3 * product(2, 4, 8);
    double lastDown = 3 * product(2, 12, 4) + 3 * product(2, 4, 8);
    assertEquals(
        frozen + firstQueries + firstDown + lastQueries + lastDown,
        new NecessaryWork(LLAMA, queriesAndDown).trainingStep(List.of(SEQUENCE)));
  }

  @Test
  void aPromptIsReadOnceAndAskedAtItsEnd() {
    double head = product(1, 8, 10);
    double first =
        2 * product(5, 8, 8) + 2 * product(5, 8, 4) + 2 * product(5, 8, 12) + product(5, 12, 8);
    double last =
        2 * product(1, 8, 8) + 2 * product(5, 8, 4) + 2 * product(1, 8, 12) + product(1, 12, 8);
    double attention = 2 * (product(15 + 5, 4, 1) + product(15 + 5, 1, 4));
    assertEquals(head + first + last + attention, new NecessaryWork(LLAMA, null).prompt(5));
  }

  @Test
  void aTreeTakesAllLayersAndTheHeadAtEveryInnerNode() {
    // two nodes after the prompt's end, one below the first
    int[] depths = {0, 0, 1};
    double head = product(3, 8, 10);
    double layer =
        2 * product(3, 8, 8) + 2 * product(3, 8, 4) + 2 * product(3, 8, 12) + product(3, 12, 8);
    double attention = 2 * (product(6 + 6 + 7, 4, 1) + product(6 + 6 + 7, 1, 4));
    NecessaryWork work = new NecessaryWork(LLAMA, null);
    assertEquals(head + 2 * (layer + attention), work.tree(5, depths));
    AdapterConfig queries = AdapterConfig.lora(EnumSet.of(Projection.Q_PROJ), 4, 8, 0);
    assertEquals(
        work.tree(5, depths) + 2 * (product(3, 8, 4) + product(3, 4, 8)),
        new NecessaryWork(LLAMA, queries).tree(5, depths));
  }

  @Test
  void aBatchIsTheSumOfItsSequences() {
    NecessaryWork work = new NecessaryWork(LLAMA, null);
    var other = new NecessaryWork.Sequence(9, 1, 0);
    assertEquals(
        work.trainingStep(List.of(SEQUENCE)) + work.trainingStep(List.of(other)),
        work.trainingStep(List.of(SEQUENCE, other)));
  }
}
