package dev.ilora.hybrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.prompt.Prompt;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenBatchTest {
  private static Prompt prompt(int[] tokens, int[] positions, int[] items, boolean[] adds) {
    return new Prompt(tokens, positions, items, adds, 0, 0, Integer.MAX_VALUE);
  }

  @Test
  void placesPointToTheTableAndPaddingToNothing() {
    Prompt first =
        prompt(
            new int[] {5, 6, 7, 8},
            new int[] {1, 2, 3},
            new int[] {40, Prompt.USER, 30},
            new boolean[] {true, false, false});
    Prompt second = prompt(new int[] {9, 3}, new int[] {0}, new int[] {40}, new boolean[] {false});
    TokenBatch batch = TokenBatch.of(List.of(first, second), List.of(new int[] {11}, new int[0]));
    try (var _ = Scope.open()) {
      assertArrayEquals(new int[] {5, 6, 7, 8, 11, 9, 3, 0, 0, 0}, batch.ids(Device.CPU).toInts());
      assertArrayEquals(new int[] {40, 30}, batch.items());
      // Rows 1 and 2 are the items, 3 and 4 the users of the two sequences.
      assertArrayEquals(
          new int[] {0, 1, 3, 2, 0, 1, 0, 0, 0, 0}, batch.tableRows(Device.CPU).toInts());
      assertArrayEquals(
          new float[] {1, 1, 0, 0, 1, 0, 1, 1, 1, 1}, batch.keep(Device.CPU).toFloats());
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
    TokenBatch batch = TokenBatch.of(List.of(text), List.of(new int[0]));
    assertFalse(batch.hasPlaces());
    assertNull(batch.keep(Device.CPU));
  }
}
