package dev.ilora.cli;

import dev.ilora.bench.ShapeBench;
import dev.ilora.config.ConfigException;
import dev.ilora.llm.WeightForm;
import dev.ilora.machine.PeakMemory;
import dev.ilora.prompt.PromptTemplate;
import dev.ilora.tensor.DType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora bench shape}. */
@CommandLine.Command(
    name = "shape",
    header = "A few training steps of a large model with random weights, beside the estimate.",
    description = {
      "Shapes: tinyllama (1.1 billion weights) and llama2-7b (6.7 billion). Layers are computed a",
      "second time on the way back. The peak is that of the whole process, from before the model",
      "was made."
    },
    footer = {
      "",
      "Example:",
      "  ilora bench shape llama2-7b --weights q4_0 --data data/ml-100k --batch 2"
    })
final class BenchShapeCommand implements Command {
  @Parameters(paramLabel = "SHAPE", description = "tinyllama or llama2-7b.")
  private String shape;

  @Option(
      names = "--weights",
      paramLabel = "FORM",
      description =
          "How matrices are held: bf16, fp32, int8, q4_0 or nf4 (default: ${DEFAULT-VALUE}).")
  private String weights = "bf16";

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps taken (default: ${DEFAULT-VALUE}).")
  private int steps = 3;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Examples a step (default: ${DEFAULT-VALUE}).")
  private int batch = 4;

  @Option(
      names = "--micro-batch",
      paramLabel = "N",
      description = "Examples of a pass, on each thread (default: ${DEFAULT-VALUE}).")
  private int microBatch = 2;

  @Option(
      names = "--candidates",
      paramLabel = "N",
      description = "Titles listed in a prompt (default: ${DEFAULT-VALUE}).")
  private int candidates = 20;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "Frame of the prompts (default: ${DEFAULT-VALUE}).")
  private String template = "movie";

  @Mixin private BenchData data;

  @Mixin private ThreadOptions threads;

  @Override
  public void run(Terminal terminal) throws IOException {
    List.of(steps, batch, microBatch).forEach(BenchShapeCommand::requirePositive);
    ShapeBench.Shape chosen = EnumWord.of(ShapeBench.Shape.values(), "SHAPE", shape);
    WeightForm form = EnumWord.of(WeightForm.values(), "--weights", weights);
    threads.set(terminal);
    ShapeBench.Result result =
        ShapeBench.run(
                chosen.sizes(batch, candidates),
                data.dataset(),
                PromptTemplate.named(template),
                DType.BF16,
                Optional.of(form),
                steps,
                microBatch)
            .orElseThrow(PeakMemory::unknown);
    print(result, terminal);
  }

  private static void requirePositive(int given) {
    if (given < 1) {
      throw new ConfigException(
          "--steps, --batch and --micro-batch: expected at least 1, got " + given);
    }
  }

  private static void print(ShapeBench.Result result, Terminal terminal) {
    var estimate = result.estimate();
    estimate.parts().forEach((name, bytes) -> terminal.line(EstimateText.line(name, bytes)));
    terminal.line(EstimateText.line("estimated peak", estimate.bytes()));
    terminal.line(EstimateText.line("measured peak", result.peak()));
    double each = estimate.seconds() / result.seconds().size();
    terminal.line(
        String.format(
            Locale.ROOT,
            "%.0f tokens a prompt; steps of %s s, estimated %.1f s each",
            result.tokens(),
            result.seconds().stream()
                .map(seconds -> String.format(Locale.ROOT, "%.1f", seconds))
                .collect(Collectors.joining(", ")),
            each));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tokens", result.tokens());
    json.put("parts", estimate.parts());
    json.put("estimatedBytes", estimate.bytes());
    json.put("measuredBytes", result.peak());
    json.put("estimatedSeconds", each);
    json.put("seconds", result.seconds());
    terminal.json(json);
  }
}
