package dev.ilora.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  @Test
  void findsTheNearestNameWhateverItsCaseAndDashes() {
    List<String> known = List.of("steps", "history-length", "gateLearningRate");
    assertEquals(Optional.of("steps"), NearestName.of("stesp", known));
    assertEquals(Optional.of("history-length"), NearestName.of("HistoryLenght", known));
    assertEquals(Optional.of("gateLearningRate"), NearestName.of("gate_learning_rate", known));
    assertEquals(Optional.empty(), NearestName.of("colour", known));
  }

  @Test
  void hintsWithTheNearestOrElseWithAll() {
    assertEquals("; did you mean a1?", NearestName.hint("a2", List.of("a1", "zzz")));
    assertEquals("; known are one, two", NearestName.hint("elephant", List.of("one", "two")));
    assertEquals("", NearestName.hint("x", List.of()));
  }

  @Test
  void distanceIsZeroForEqualSymmetricAndAtMostTheLongerLength() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      String a = word(random);
      String b = word(random);
      int distance = NearestName.distance(a, b);
      assertEquals(0, NearestName.distance(a, a));
      assertEquals(distance, NearestName.distance(b, a));
      assertEquals(true, distance <= Math.max(a.length(), b.length()), a + " " + b);
      assertEquals(a.equals(b), distance == 0);
    }
    assertEquals(1, NearestName.distance("abcd", "acbd"));
    assertEquals(1, NearestName.distance("abcd", "abd"));
    assertEquals(2, NearestName.distance("abcd", "abxyd"));
  }

  private static String word(Random random) {
    return random
        .ints(random.nextInt(6), 'a', 'd')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
