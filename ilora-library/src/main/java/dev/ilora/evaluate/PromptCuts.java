package dev.ilora.evaluate;

import dev.ilora.data.Case;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.prompt.Prompt;
import java.util.List;
import java.util.Optional;

/**
 * How many rows' prompts do not fit the model's context whole; it reads as a sentence.
 *
 * @param rows rows asked about
 * @param prompts those whose prompt is cut
 * @param truncated titles cut short
 * @param dropped history titles left out
 */
public record PromptCuts(int rows, int prompts, int truncated, int dropped) {
  /** Counts the cuts, each row's once; nothing where all prompts fit. */
  public static Optional<PromptCuts> of(PromptModel model, List<Case> cases) {
    int prompts = 0;
    int truncated = 0;
    int dropped = 0;
    for (Case asked : cases) {
      Prompt prompt = model.prompt(asked);
      prompts += prompt.titlesTruncated() + prompt.titlesDropped() > 0 ? 1 : 0;
      truncated += prompt.titlesTruncated();
      dropped += prompt.titlesDropped();
    }
    return prompts == 0
        ? Optional.empty()
        : Optional.of(new PromptCuts(cases.size(), prompts, truncated, dropped));
  }

  @Override
  public String toString() {
    return "%s of %s prompts did not fit the model's context: %s titles were cut short, %s history titles left out"
        .formatted(prompts, rows, truncated, dropped);
  }
}
