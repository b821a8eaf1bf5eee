package dev.ilora.hybrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.prompt.Prompt;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenBatchTest {
  private static Prompt prompt(int[] tokens, int[] positions, int[] items, boolean[] adds) {
    return new Prompt(tokens, positions, items, adds, 0, 0, Integer.MAX_VALUE);
  }

  @Test
  void placesHoldTheirVectorsAndPaddingNothing() {
    Prompt first =
        prompt(
            new int[] {5, 6, 7, 8},
            new int[] {1, 2, 3},
            new int[] {40, Prompt.USER, 30},
            new boolean[] {true, false, false});
    Prompt second = prompt(new int[] {9, 3}, new int[] {0}, new int[] {40}, new boolean[] {false});
    TokenBatch batch =
        TokenBatch.of(List.of(first, second), List.of(new int[] {11}, new int[0]), 1);
    try (var _ = Scope.open()) {
      assertArrayEquals(new int[] {5, 6, 7, 8, 11, 9, 3, 0, 0, 0}, batch.ids(Device.CPU).toInts());
      assertArrayEquals(new int[] {40, 30}, batch.items());
      // Vectors 0 and 1 are the items, 2 and 3 the users of the two sequences.
      Tensor tokens = Tensor.ones(DType.F32, Device.CPU, 2, 5, 1);
      Tensor vectors = Tensor.of(new float[] {10, 20, 30, 40}, 4, 1);
      assertArrayEquals(
          new float[] {1, 11, 30, 20, 1, 10, 1, 1, 1, 1},
          batch.places().fill(tokens, List.of(vectors)).toFloats());
      assertArrayEquals(
          new int[] {3, 4, 6},
          batch.positions(List.of(new int[] {3, 4}, new int[] {1}), Device.CPU).toInts());
    }
    assertArrayEquals(new int[] {5, 2}, batch.lengths());
    assertArrayEquals(new int[] {4, 2}, batch.promptLengths());
    assertEquals(7, batch.tokens());
    assertTrue(batch.hasUsers());
  }

  @Test
  void textAloneHasNoPlaces() {
    Prompt text = prompt(new int[] {5}, new int[0], new int[0], new boolean[0]);
    TokenBatch batch = TokenBatch.of(List.of(text));
    assertTrue(batch.places().isEmpty());
    assertFalse(batch.hasUsers());
  }
}
