package dev.ilora.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedsTest {
  @Test
  void placesOfAStreamShareNoNumbersNotEvenShifted() {
    Set<Long> numbers = new HashSet<>();
    for (int index = 0; index < 300; index++) {
      Seeds.at(1, index).longs(50).forEach(numbers::add);
    }
    assertEquals(300 * 50, numbers.size());
  }

  @Test
  void theSamePlaceGivesTheSameNumbers() {
    assertArrayEquals(Seeds.at(3, 8).longs(20).toArray(), Seeds.at(3, 8).longs(20).toArray());
  }
}
