package dev.ilora.cli;

import dev.ilora.bench.Sizes;
import dev.ilora.bench.Workload;
import dev.ilora.config.ConfigException;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sizes of the model and the prompts of a language-model bench. */
final class BenchSizeOptions {
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

  @Mixin private BenchData data;

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

  /** The model and batches of these sizes. */
  Workload workload() throws IOException {
    Sizes sizes = sizes();
    return new Workload(sizes, data.dataset(), PromptTemplate.named(template));
  }

  /** What was chosen, for the result. */
  Map<String, Object> chosen() {
    Map<String, Object> chosen = new LinkedHashMap<>();
    chosen.put("width", width);
    chosen.put("layers", layers);
    chosen.put("heads", heads);
    chosen.put("kvHeads", keyValueHeads);
    chosen.put("feedForward", feedForward);
    chosen.put("vocabulary", vocabulary);
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
