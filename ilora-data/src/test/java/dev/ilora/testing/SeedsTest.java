package dev.ilora.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeedsTest {
  private static final String PROPERTY = "ilora.test.seed";

  private String given;

  @BeforeEach
  void withoutASeed() {
    given = System.clearProperty(PROPERTY);
  }

  @AfterEach
  void asBefore() {
    if (given == null) {
      System.clearProperty(PROPERTY);
    } else {
      System.setProperty(PROPERTY, given);
    }
  }

  private static List<Long> tried(int count) {
    List<Long> tried = new ArrayList<>();
    Seeds.each(count, tried::add);
    return tried;
  }

  @Test
  void theFirstSeedsAreAlwaysTheSameAndTheOthersAlwaysNew() {
    List<Long> once = tried(3);
    List<Long> again = tried(3);
    assertEquals(List.of(0L, 1L, 2L), once.subList(0, 3));
    assertEquals(List.of(0L, 1L, 2L), again.subList(0, 3));
    var all = new HashSet<>(once);
    all.addAll(again);
    assertEquals(9, all.size());
  }

  @Test
  void aFailureTellsHowToTryItsSeedAgain() {
    Seeds.Try failsOnOne = seed -> assertEquals(0, seed % 2);
    var error = assertThrows(AssertionError.class, () -> Seeds.each(2, failsOnOne));
    assertEquals(
        "seed 1: expected: <0> but was: <1>; again with -Dilora.test.seed=1", error.getMessage());
    System.setProperty(PROPERTY, "-5");
    assertEquals(List.of(-5L), tried(3));
  }
}
