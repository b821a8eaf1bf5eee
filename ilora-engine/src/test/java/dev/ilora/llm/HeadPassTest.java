package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HeadPassTest {
  // More positions than a block takes with this vocabulary.
  private static final int POSITIONS = 300;
  private static final int WIDTH = 8;
  private static final int VOCABULARY = 9000;

  @Test
  void givesTheLossAndGradientsOfTheGraph() {
    try (var _ = Scope.open()) {
      Torch.seed(4);
      Tensor head = Tensor.randn(VOCABULARY, WIDTH).requiresGrad(true);
      Tensor hidden = Tensor.randn(POSITIONS, WIDTH).requiresGrad(true);
      long[] tokens = new long[POSITIONS];
      Arrays.setAll(tokens, i -> (i * 7919L) % VOCABULARY);
      float[] shares = new float[POSITIONS];
      Arrays.fill(shares, 0.01f);
      shares[5] = 0;
      Tensor targets = Tensor.of(tokens, POSITIONS);
      Tensor weights = Tensor.of(shares, POSITIONS);

      Tensor likely = hidden.linear(head).logSoftmax(-1).gather(1, targets.unsqueeze(1));
      Tensor loss = likely.squeeze(1).mul(weights).sum().mul(-1);
      loss.backward();
      float[] ofHead = head.grad().toFloats();
      head.clearGrad();

      HeadPass pass = HeadPass.of(head, hidden.detach(), targets, weights);
      assertEquals(loss.item(), pass.loss(), 1e-4);
      assertArrayEquals(hidden.grad().toFloats(), pass.gradient().toFloats(), 1e-6f);
      assertArrayEquals(ofHead, head.grad().toFloats(), 1e-6f);
    }
  }
}
