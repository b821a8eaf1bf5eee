package dev.ilora.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ilora.recommender.Architecture;
import dev.ilora.recommender.Popularity;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MethodTest {
  /** Recommenders have names of their own, which their files hold; tables use the methods'. */
  @Test
  void recommendersAndMethodsHaveTheSameNames() {
    for (Architecture.Model model : Architecture.Model.values()) {
      assertEquals(Method.valueOf(model.name()).label(), model.title());
    }
    try (Popularity popularity = new Popularity(new int[] {1})) {
      assertEquals(Method.POPULARITY.label(), popularity.name());
    }
  }

  @Test
  void standInTheOrderOfThePapersTables() {
    assertEquals(
        List.of(
            "Popularity",
            "GRU4Rec",
            "Caser",
            "SASRec",
            "Zero-shot LLM",
            "TALLRec",
            "LLaRA",
            "iLoRA"),
        Arrays.stream(Method.values()).map(Method::label).toList());
  }

  @Test
  void areNamedInRecipesAsTheirFilesAre() {
    assertEquals("zero-shot", Method.ZERO_SHOT.key());
    assertEquals("gru4rec", Method.GRU4REC.key());
  }
}
