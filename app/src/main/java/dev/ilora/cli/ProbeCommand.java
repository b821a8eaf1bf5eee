package dev.ilora.cli;

import dev.ilora.config.ConfigException;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.llm.Llama;
import dev.ilora.pretrain.InstructionProbe;
import dev.ilora.pretrain.InstructionProbe.Outcome;
import dev.ilora.synthetic.Instruction;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;

/** {@code ilora probe}: can a base model choose and copy from lists of titles? */
@CommandLine.Command(
    name = "probe",
    header = "Ask a base model about lists of a data set's titles what the list determines.",
    description = {
      "For each instruction a new list is drawn. An answer is exact if free greedy decoding writes",
      "the right title and nothing else, and valid if it writes any title of the list."
    },
    footer = {"", "Example:", "  ilora probe data/ml-100k"})
final class ProbeCommand implements Command {
  /** The forms a newly made base model must answer; others are asked for by name. */
  private static final String USUAL = "word,place,named";

  @CommandLine.Parameters(paramLabel = "DATA", description = "Data set folder.")
  private Path data;

  @CommandLine.Option(
      names = "--llm",
      paramLabel = "DIR",
      defaultValue = "ilora-base",
      description = "A Llama in Hugging Face's format (default ${DEFAULT-VALUE}).")
  private Path llm;

  @CommandLine.Option(
      names = "--forms",
      paramLabel = "NAMES",
      defaultValue = USUAL,
      split = ",",
      description = "Of place, after, before, named, word, value (default ${DEFAULT-VALUE}).")
  private List<Instruction.Form> forms;

  @CommandLine.Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "300",
      description = "Instructions of each form (default ${DEFAULT-VALUE}).")
  private int count;

  @CommandLine.Option(
      names = "--titles",
      paramLabel = "N",
      defaultValue = "20",
      description = "Titles in a list (default ${DEFAULT-VALUE}).")
  private int titles;

  @CommandLine.Option(names = "--seed", defaultValue = "1", paramLabel = "N")
  private long seed;

  @Override
  public void run(Terminal terminal) throws IOException {
    if (count < 1 || titles < 2 || titles > 30) {
      throw new ConfigException(
          "expected --count of at least 1 and --titles of 2 to 30, got %d and %d"
              .formatted(count, titles));
    }
    Path base = BaseModels.folder(llm);
    List<String> all = DatasetFolder.read(data).titles();
    Set<Instruction.Form> asked = EnumSet.copyOf(forms);
    Map<Instruction.Form, Outcome> outcomes;
    try (Tokenizer tokenizer = Tokenizer.open(base);
        Llama llama = Llama.load(base, Device.CPU, DType.F32)) {
      tokenizer.requireEmbeddings(llama.config().vocabularySize());
      outcomes =
          new InstructionProbe(llama, tokenizer)
              .ask(all, asked, count, titles, seed, terminal.progress());
    }
    Outcome sum = outcomes.values().stream().reduce(new Outcome(0, 0, 0), Outcome::plus);
    Map<String, Object> json = new LinkedHashMap<>();
    terminal.line("form     asked   exact   valid");
    outcomes.forEach((form, outcome) -> line(terminal, json, lower(form), outcome));
    line(terminal, json, "all", sum);
    terminal.json(json);
  }

  private static String lower(Instruction.Form form) {
    return form.name().toLowerCase(Locale.ROOT);
  }

  private static void line(
      Terminal terminal, Map<String, Object> json, String name, Outcome outcome) {
    double exact = (double) outcome.exact() / outcome.asked();
    double valid = (double) outcome.valid() / outcome.asked();
    terminal.line(
        String.format(Locale.ROOT, "%-7s %6d  %.4f  %.4f", name, outcome.asked(), exact, valid));
    json.put(name, Map.of("asked", outcome.asked(), "exact", exact, "valid", valid));
  }
}
