package dev.ilora.cli;

import dev.ilora.bench.Workload;
import dev.ilora.files.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code ilora bench prompts}. */
@CommandLine.Command(
    name = "prompts",
    header = "Write the prompts that the other benches work on, for other programs.",
    description = {
      "JSON with a list for each example: its prompt, its answer and the titles of all candidates,",
      "as token ids. scripts/peers gives them to other libraries."
    },
    footer = {
      "",
      "Example:",
      "  ilora bench prompts --llm MODEL.gguf --data data/ml-100k --out prompts.json"
    })
final class BenchPromptsCommand implements Command {
  @Mixin private BenchSizeOptions sizes;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "File to write.")
  private Path out;

  @Override
  public void run(Terminal terminal) throws IOException {
    try (Workload workload = sizes.workload()) {
      WholeFile.write(out, JsonMapper.shared().writeValueAsString(workload.tokens()));
    }
    terminal.line("written: " + out);
    terminal.json(Map.of("prompts", out.toString()));
  }
}
