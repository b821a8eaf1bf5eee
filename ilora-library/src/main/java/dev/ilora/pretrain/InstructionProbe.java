package dev.ilora.pretrain;

import dev.ilora.Progress;
import dev.ilora.adapter.Adaptation;
import dev.ilora.llm.Generation;
import dev.ilora.llm.Llama;
import dev.ilora.llm.Prompts;
import dev.ilora.synthetic.CatalogueTitles;
import dev.ilora.synthetic.GeneratedOptions;
import dev.ilora.synthetic.GeneratedText;
import dev.ilora.synthetic.Instruction;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Torch;
import dev.ilora.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Asks a language model about lists of a catalogue's titles what the list itself determines, and
 * counts how often free greedy decoding writes exactly the right title, and any title of the list.
 */
public final class InstructionProbe {
  private static final int BATCH = 16;
  private static final int SPARE_TOKENS = 4;

  /**
   * What came of the instructions of one form.
   *
   * @param asked how many there were
   * @param exact answered by exactly the right title
   * @param valid answered by exactly a title of the list
   */
  public record Outcome(int asked, int exact, int valid) {
    /** Both together. */
    public Outcome plus(Outcome other) {
      return new Outcome(asked + other.asked, exact + other.exact, valid + other.valid);
    }
  }

  private final Llama llama;
  private final Tokenizer tokenizer;

  /** Asks a model, with its tokenizer. */
  public InstructionProbe(Llama llama, Tokenizer tokenizer) {
    this.llama = llama;
    this.tokenizer = tokenizer;
  }

  /**
   * Asks.
   *
   * @param titles the catalogue's
   * @param forms what to ask for
   * @param count instructions of each form
   * @param listLength titles in a list
   * @return what came of each form
   */
  public Map<Instruction.Form, Outcome> ask(
      List<String> titles,
      Set<Instruction.Form> forms,
      int count,
      int listLength,
      long seed,
      Progress progress) {
    GeneratedText text =
        new GeneratedText(
            CatalogueTitles.of(titles),
            tokenizer,
            GeneratedOptions.DEFAULTS,
            llama.config().maxPositions(),
            seed);
    RandomGenerator random = new SplittableRandom(seed);
    Map<Instruction.Form, Outcome> outcomes = new EnumMap<>(Instruction.Form.class);
    int done = 0;
    for (Instruction.Form form : forms) {
      for (int asked = 0; asked < count; asked += BATCH) {
        List<Instruction> batch = new ArrayList<>();
        while (batch.size() < Math.min(BATCH, count - asked)) {
          Instruction drawn = text.instruction(form, listLength, random);
          if (drawn.prompt().length + longest(drawn) <= llama.config().maxPositions()) {
            batch.add(drawn);
          }
        }
        outcomes.merge(form, ask(batch), Outcome::plus);
        done += batch.size();
        progress.update("asking", done, (long) count * forms.size(), "");
      }
    }
    return outcomes;
  }

  private static int longest(Instruction instruction) {
    return SPARE_TOKENS
        + instruction.titles().stream().mapToInt(title -> title.length).max().orElse(0);
  }

  private Outcome ask(List<Instruction> batch) {
    int room = batch.stream().mapToInt(InstructionProbe::longest).max().orElse(1);
    int end = tokenizer.encode("\n")[0];
    List<int[]> answers =
        Torch.noGrad(
            () -> {
              try (var _ = Scope.open()) {
                Prompts prompts =
                    Prompts.of(llama, batch.stream().map(Instruction::prompt).toList());
                return new Generation(llama, Generation.Options.of(room, Set.of(end)))
                    .greedy(prompts, Adaptation.NONE).stream()
                        .map(given -> given.stopped() ? given.tokens() : new int[0])
                        .toList();
              }
            });
    Outcome outcome = new Outcome(0, 0, 0);
    for (int i = 0; i < batch.size(); i++) {
      int[] answer = answers.get(i);
      boolean exact = Arrays.equals(answer, batch.get(i).answer());
      boolean valid = batch.get(i).titles().stream().anyMatch(t -> Arrays.equals(t, answer));
      outcome = outcome.plus(new Outcome(1, exact ? 1 : 0, valid ? 1 : 0));
    }
    return outcome;
  }
}
