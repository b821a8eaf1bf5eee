package dev.ilora.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Case;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.testing.InScope;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts that lose something are counted and said, and none besides. */
@InScope
class PromptCutsTest {
  @TempDir Path folder;
  private Tokenizer tokenizer;
  private final List<Case> cases = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    tokenizer = TinyModels.tokenizer(folder);
    for (Case asked : TinyModels.cases()) {
      cases.add(asked.withTarget(asked.candidates()[0]));
    }
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private PromptModel model(int maxTokens) {
    return TinyModels.fresh(tokenizer, TinyModels.Kind.of(ItemEmbeddings.SLOT), maxTokens);
  }

  /** Tokens that each row's prompt needs with the longest answer to it. */
  private int[] needed() {
    PromptModel roomy = model(TinyModels.llama(tokenizer).config().maxPositions());
    var encoder = TinyModels.encoder(tokenizer, ItemEmbeddings.SLOT);
    return TinyModels.cases().stream()
        .mapToInt(
            asked ->
                roomy.prompt(asked).length()
                    + Arrays.stream(asked.candidates())
                        .map(candidate -> encoder.answer(candidate).length)
                        .max()
                        .orElseThrow())
        .toArray();
  }

  @Test
  void saysNothingWhereAllPromptsFit() {
    int longest = Arrays.stream(needed()).max().orElseThrow();
    assertEquals(Optional.empty(), PromptCuts.of(model(longest), cases));
  }

  @Test
  void countsThePromptsThatDoNotFitAndNoOthers() {
    int[] needed = needed();
    int[] sorted = Arrays.stream(needed).sorted().toArray();
    for (int fitting = 0; fitting < sorted.length; fitting++) {
      int room = sorted[fitting] - 1;
      PromptModel model = model(room);
      PromptCuts cuts = PromptCuts.of(model, cases).orElseThrow();
      assertEquals(cases.size(), cuts.rows());
      assertEquals(IntStream.of(needed).filter(n -> n > room).count(), cuts.prompts());
      assertEquals(
          TinyModels.cases().stream().mapToInt(q -> model.prompt(q).titlesTruncated()).sum(),
          cuts.truncated());
      assertEquals(
          TinyModels.cases().stream().mapToInt(q -> model.prompt(q).titlesDropped()).sum(),
          cuts.dropped());
      assertTrue(cuts.truncated() + cuts.dropped() >= cuts.prompts());
    }
  }

  @Test
  void readsAsASentence() {
    assertEquals(
        "2 of 9 prompts did not fit the model's context: 5 titles were cut short, 1 history titles"
            + " left out",
        new PromptCuts(9, 2, 5, 1).toString());
  }
}
