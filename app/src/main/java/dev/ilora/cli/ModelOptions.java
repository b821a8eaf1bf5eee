package dev.ilora.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Options that stand for settings of a recipe. */
final class ModelOptions {
  @CommandLine.Option(
      names = "--llm",
      paramLabel = "PATH",
      description =
          "A Llama in Hugging Face's format or in a GGUF file, in place of ilora-base"
              + " (llm.path=PATH).")
  private Path llm;

  @CommandLine.Option(
      names = "--device",
      paramLabel = "NAME",
      description = "Where to compute: cpu or cuda:N (device=NAME).")
  private String device;

  /** The words that change a recipe, and these options as such words. */
  List<String> overrides(List<String> words) {
    List<String> overrides = new ArrayList<>(RecipeArguments.overrides(words));
    if (llm != null) {
      overrides.add("llm.path=" + llm);
    }
    if (device != null) {
      overrides.add("device=" + device);
    }
    return overrides;
  }
}
