package dev.ilora.llm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.Adaptation;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stored batch of token ids, (B, T), right-padded, and the number of real tokens of each row. The
 * loss is over the last four tokens of each.
 */
record ReferenceBatch(Tensor ids, int[] lengths) {
  private static final int ANSWER = 4;

  static ReferenceBatch of(SafeTensors stored) {
    return new ReferenceBatch(stored.load("input_ids"), stored.load("lengths").toInts());
  }

  /** Logits of all positions, (B, T, V), zero at the padding. */
  Tensor logits(Llama llama, Tensor embeddings, Adaptation adaptation) {
    return llama.logits(llama.hidden(embeddings, Attention.causal(), adaptation)).mul(real());
  }

  /** Mean cross-entropy of the last tokens. */
  Tensor loss(Llama llama, Tensor embeddings, Adaptation adaptation) {
    Tensor at = llama.hiddenAt(embeddings, Attention.causal(), adaptation, answers(1));
    return Layers.crossEntropy(llama.logits(at), ids.reshape(-1).indexSelect(0, answers(0)));
  }

  /** One at real tokens and zero at padding, (B, T, 1). */
  Tensor real() {
    int columns = (int) ids.size(1);
    float[] real = new float[lengths.length * columns];
    for (int row = 0; row < lengths.length; row++) {
      Arrays.fill(real, row * columns, row * columns + lengths[row], 1);
    }
    return Tensor.of(real, lengths.length, columns, 1);
  }

  /** Flat positions of each row's last tokens, shifted back. */
  Tensor answers(int back) {
    List<Long> flat = new ArrayList<>();
    for (int row = 0; row < lengths.length; row++) {
      for (int i = lengths[row] - ANSWER; i < lengths[row]; i++) {
        flat.add(row * ids.size(1) + i - back);
      }
    }
    return Tensor.of(flat.stream().mapToLong(Long::longValue).toArray(), flat.size());
  }

  /** Asserts the largest difference relative to the largest expected value. */
  static void assertClose(String what, Tensor expected, Tensor actual, double tolerance) {
    actual.requireShape(what, expected.shape());
    float[] a = expected.toFloats();
    float[] b = actual.toFloats();
    double difference = 0;
    double scale = 0;
    for (int i = 0; i < a.length; i++) {
      assertTrue(Float.isFinite(b[i]), what + " is not finite");
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
      scale = Math.max(scale, Math.abs(a[i]));
    }
    assertTrue(
        difference <= tolerance * scale,
        what + " differs by " + difference + ", largest value " + scale);
  }
}
