package dev.ilora.cli;

import dev.ilora.bench.Harness;
import dev.ilora.bench.Sizes;
import dev.ilora.bench.Workload;
import dev.ilora.config.ConfigException;
import dev.ilora.hybrid.BaseModels;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.WeightForm;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sizes of the model and the prompts of a language-model bench. */
final class BenchSizeOptions {
  /** What a language model decides itself. */
  private static final List<String> MODEL_SIZES =
      List.of("--width", "--layers", "--heads", "--kv-heads", "--feed-forward", "--vocabulary");

  @Option(names = "--width", paramLabel = "N", description = "Width (default: ${DEFAULT-VALUE}).")
  private int width = 512;

  @Option(names = "--layers", paramLabel = "N", description = "Layers (default: ${DEFAULT-VALUE}).")
  private int layers = 8;

  @Option(names = "--heads", paramLabel = "N", description = "Heads (default: ${DEFAULT-VALUE}).")
  private int heads = 8;

  @Option(
      names = "--kv-heads",
      paramLabel = "N",
      description = "Heads of keys and values (default: ${DEFAULT-VALUE}).")
  private int keyValueHeads = 4;

  @Option(
      names = "--feed-forward",
      paramLabel = "N",
      description = "Width of the feed-forward layers (default: ${DEFAULT-VALUE}).")
  private int feedForward = 1408;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description = "Rows of the embedding table (default: ${DEFAULT-VALUE}).")
  private int vocabulary = 32_000;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Examples a step, queries at a time (default: ${DEFAULT-VALUE}).")
  private int batch = 8;

  @Option(
      names = "--candidates",
      paramLabel = "N",
      description = "Titles listed in a prompt (default: ${DEFAULT-VALUE}).")
  private int candidates = 20;

  @Option(
      names = "--rank",
      paramLabel = "N",
      description = "Total rank of the adapters (default: ${DEFAULT-VALUE}).")
  private int rank = 16;

  @Option(
      names = "--experts",
      paramLabel = "N",
      description = "Experts that share the rank (default: ${DEFAULT-VALUE}).")
  private int experts = 4;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description =
          "Share of the adapters' inputs dropped in training (default: ${DEFAULT-VALUE}).")
  private double dropout = 0;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "Type of the frozen weights: fp32, bf16 or both (default: ${DEFAULT-VALUE}).")
  private String dtype = "both";

  @Option(
      names = "--llm",
      paramLabel = "PATH",
      description = "A language model in place of random weights of these sizes.")
  private Path llm;

  @Option(
      names = "--weights",
      paramLabel = "FORM",
      description =
          "How --llm's matrices are held: asis, bf16, fp32, int8, q4_0 or nf4 (default: as they are"
              + " multiplied).")
  private String weights;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Variants to time, such as lora or 'lora bf16' (default: all).")
  private List<String> only = List.of();

  @Mixin private BenchData data;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "Frame of the prompts (default: ${DEFAULT-VALUE}).")
  private String template = "movie";

  /** The sizes, checked. */
  Sizes sizes() {
    return new Sizes(
        width,
        layers,
        heads,
        keyValueHeads,
        feedForward,
        vocabulary,
        batch,
        candidates,
        rank,
        experts,
        dropout);
  }

  /** The types of frozen weights wanted. */
  List<DType> dtypes() {
    return switch (dtype) {
      case "fp32" -> List.of(DType.F32);
      case "bf16" -> List.of(DType.BF16);
      case "both" -> List.of(DType.F32, DType.BF16);
      default -> throw new ConfigException("--dtype: expected fp32, bf16 or both, got " + dtype);
    };
  }

  /** The harness for the variants wanted. */
  Harness only(Harness harness) {
    return harness.only(only);
  }

  /** The model and batches of these sizes. */
  Workload workload() throws IOException {
    Sizes sizes = sizes();
    PromptTemplate frame = PromptTemplate.named(template);
    if (llm == null) {
      if (weights != null) {
        throw new ConfigException("--weights goes with --llm");
      }
      return new Workload(sizes, data.dataset(), frame);
    }
    var given = command.commandLine().getParseResult();
    List<String> ofModel = MODEL_SIZES.stream().filter(given::hasMatchedOption).toList();
    if (!ofModel.isEmpty()) {
      throw new ConfigException(
          "--llm brings sizes of its own: leave out " + String.join(", ", ofModel));
    }
    Optional<WeightForm> form =
        Optional.ofNullable(weights)
            .map(word -> EnumWord.of(WeightForm.values(), "--weights", word));
    return Workload.over(
        BaseModels.folder(llm), form, sizes, data.dataset(), frame, dtypes().getFirst());
  }

  /** What was chosen, for the result. */
  Map<String, Object> chosen(Workload workload) {
    LlamaConfig model = workload.config();
    Map<String, Object> chosen = new LinkedHashMap<>();
    if (llm != null) {
      chosen.put("llm", llm.toAbsolutePath().normalize().getFileName().toString());
      chosen.put("weights", weights == null ? "as multiplied" : weights);
    }
    chosen.put("width", model.hiddenSize());
    chosen.put("layers", model.layers());
    chosen.put("heads", model.heads());
    chosen.put("kvHeads", model.keyValueHeads());
    chosen.put("feedForward", model.intermediateSize());
    chosen.put("vocabulary", model.vocabularySize());
    chosen.put("batch", batch);
    chosen.put("candidates", candidates);
    chosen.put("rank", rank);
    chosen.put("experts", experts);
    chosen.put("dropout", dropout);
    chosen.put("dtype", dtype);
    chosen.put("data", data.name());
    chosen.put("template", template);
    return chosen;
  }
}
