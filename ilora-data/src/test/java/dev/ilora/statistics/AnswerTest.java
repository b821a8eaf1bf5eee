package dev.ilora.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final List<String> TITLES =
      List.of("Alien", "Alien 3", "The Abyss ", "Heat", "Heat");
  private static final int[] CANDIDATES = {0, 1, 2, 3, 4};

  @Test
  void ourRuleIsTheWholeTrimmedTitle() {
    assertEquals(1, answer(" Alien 3\n").item());
    assertEquals(0, answer("Alien").item());
    assertEquals(2, answer("The Abyss").item());
    assertEquals(Answer.NONE, answer("The Abyss, of course").item());
    assertEquals(Answer.NONE, answer("alien").item());
    assertEquals(Answer.NONE, answer("").item());
    assertFalse(answer("Aliens").valid());
  }

  @Test
  void referenceRuleFindsTitlesInsideAndFailsOnContainedOnes() {
    assertEquals(2, answer("i would say THE ABYSS, of course").referenceItem());
    assertEquals(0, answer("alien").referenceItem());
    // The flaw: the right answer is invalid because it contains another candidate.
    assertEquals(Answer.NONE, answer("Alien 3").referenceItem());
    assertTrue(answer("Alien 3").valid());
  }

  @Test
  void sharedTitlesAreTheFirstCandidateAndInvalidForTheReference() {
    assertEquals(3, answer("Heat").item());
    assertEquals(Answer.NONE, answer("Heat").referenceItem());
  }

  private static Answer answer(String text) {
    return Answer.of(text, CANDIDATES, TITLES::get);
  }
}
