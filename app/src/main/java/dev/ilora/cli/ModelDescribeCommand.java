package dev.ilora.cli;

import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.AdapterFolder;
import dev.ilora.adapter.Projection;
import dev.ilora.hybrid.PromptModelFiles;
import dev.ilora.inspect.ModelDescription;
import dev.ilora.recommend.ModelCard;
import dev.ilora.recommend.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ilora model describe}: what a language model is, and what a model folder makes of it. */
@CommandLine.Command(
    name = "describe",
    header = "Say what a language model is, without reading its weights.",
    description = {
      "Sizes, positions and windows, types and bytes on disk, memory when loaded, tokenizer and",
      "chat template. Of a run or a model folder: what it was trained on, its adapters, and the",
      "language model that they adapt."
    },
    footer = {"", "Example:", "  ilora model describe models/ilora-base"})
final class ModelDescribeCommand implements Command {
  @Parameters(
      paramLabel = "MODEL",
      description = "A Hugging Face folder, a GGUF file, a run or a model folder.")
  private Path model;

  /** Adapters of a model folder. */
  record Adapters(
      List<String> targets, List<Integer> ranks, double alpha, boolean rslora, boolean dora) {}

  /** The result as JSON. */
  record Description(
      Optional<ModelCard> card,
      Optional<Adapters> adapters,
      Optional<Integer> virtualTokens,
      Optional<Integer> prefixTokens,
      Optional<ModelDescription> languageModel) {}

  @Override
  public void run(Terminal terminal) throws IOException {
    Optional<Path> adapting = LanguageModels.adapting(model);
    Optional<ModelCard> card = adapting.map(ModelFolder::card);
    Optional<Adapters> adapters = adapting.flatMap(ModelDescribeCommand::adapters);
    Optional<Integer> slots = adapting.map(ModelDescribeCommand::virtualTokens).filter(n -> n > 0);
    boolean prefix = slots.isPresent() && AdapterFolder.holdsPrefix(adapting.orElseThrow());
    Optional<Integer> tokens = slots.filter(_ -> !prefix);
    Optional<Integer> columns = slots.filter(_ -> prefix);
    boolean speaks = card.isEmpty() || card.get().base().isPresent();
    Optional<ModelDescription> language =
        speaks ? Optional.of(ModelDescription.of(LanguageModels.locate(model))) : Optional.empty();
    card.ifPresent(one -> print(one, terminal));
    adapters.ifPresent(one -> print(one, terminal));
    tokens.ifPresent(
        count -> line(terminal, "adapters", count + " virtual tokens before every prompt"));
    columns.ifPresent(
        count ->
            line(
                terminal,
                "adapters",
                count + " learned keys and values before every prompt, in every layer"));
    language.map(ModelDescriptionText::lines).ifPresent(lines -> lines.forEach(terminal::line));
    terminal.json(new Description(card, adapters, tokens, columns, language));
  }

  private static int virtualTokens(Path folder) {
    return PromptModelFiles.virtualTokens(folder, ModelFolder.files(folder).keySet());
  }

  private static Optional<Adapters> adapters(Path folder) {
    if (!ModelFolder.files(folder).containsKey("adapter_config.json")
        || virtualTokens(folder) > 0) {
      return Optional.empty();
    }
    AdapterConfig config = AdapterFolder.readConfig(folder);
    List<String> targets = config.targets().stream().map(Projection::shortName).toList();
    return Optional.of(
        new Adapters(
            targets,
            config.ranks(),
            config.alpha(),
            config.form().rankStabilised(),
            config.form().decomposed()));
  }

  private void print(ModelCard card, Terminal terminal) {
    line(terminal, "folder", model.toString());
    line(
        terminal,
        "method",
        "%s (%s), seed %s, made by ilora %s"
            .formatted(card.name(), card.method(), card.seed(), card.version()));
    line(terminal, "trained on", card.data().name());
    line(
        terminal,
        "reads",
        "%s items of a history%s"
            .formatted(
                card.limits().history(),
                card.limits().candidates() == 0
                    ? ""
                    : ", %s candidates at a time".formatted(card.limits().candidates())));
    card.metrics().forEach((name, value) -> line(terminal, name, number(value)));
  }

  private static void print(Adapters adapters, Terminal terminal) {
    List<Integer> ranks = adapters.ranks();
    boolean same = ranks.stream().distinct().count() == 1;
    line(
        terminal,
        "adapters",
        "%s of rank %s, alpha %s, of %s"
            .formatted(
                (ranks.size() == 1 ? "plain LoRA" : ranks.size() + " experts")
                    + (adapters.rslora() ? ", rank-stabilised," : "")
                    + (adapters.dora() ? ", decomposed (DoRA)," : ""),
                same ? ranks.getFirst() : ranks,
                adapters.alpha(),
                String.join(", ", adapters.targets())));
  }

  private static void line(Terminal terminal, String name, String text) {
    terminal.line(String.format(Locale.ROOT, "%-13s %s", name, text));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
