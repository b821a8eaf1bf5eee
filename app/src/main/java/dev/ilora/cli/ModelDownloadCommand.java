package dev.ilora.cli;

import dev.ilora.Counted;
import dev.ilora.hub.HubSettings;
import dev.ilora.hub.ModelDownload;
import dev.ilora.hub.ModelDownload.Fetched;
import dev.ilora.hub.ModelName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora model download}: fetches a language model from the Hugging Face hub. */
@CommandLine.Command(
    name = "download",
    description = {
      "Download a language model from the Hugging Face hub into the hub's own cache, checked;",
      "goes on where it stopped. HF_TOKEN, HF_HOME, HF_HUB_CACHE and HF_ENDPOINT count as in the",
      "hub's other tools. Mind the model's licence on its page."
    })
final class ModelDownloadCommand implements Command {
  @Parameters(
      paramLabel = "ORG/NAME[@REVISION]",
      description = "Which model; a branch, tag or commit may follow.")
  private String name;

  @Option(
      names = "--file",
      paramLabel = "GLOB",
      description = "Only files of these names, such as '*Q4_K_M.gguf' (repeatable).")
  private List<String> globs = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to put the files in, in place of the hub's cache.")
  private Optional<Path> out = Optional.empty();

  @Override
  public void run(Terminal terminal) throws IOException {
    ModelName model = ModelName.parse(name);
    Fetched fetched =
        new ModelDownload(HubSettings.ofProcess(), terminal.context()).fetch(model, globs, out);
    Path llm = fetched.languageModel();
    terminal.remark(
        "%s at commit %s: %s, %s fetched"
            .formatted(
                model,
                fetched.commit(),
                Counted.of(fetched.files().size(), "file"),
                Counted.of(fetched.fetchedBytes(), "byte")));
    terminal.line(llm.toString());
    terminal.remark("next: ilora train recipes/ilora.yaml --llm " + ShellWord.of(llm));
    terminal.json(
        Map.of(
            "name", model.path(),
            "revision", model.revision(),
            "commit", fetched.commit(),
            "path", llm.toString(),
            "files", fetched.files(),
            "fetchedBytes", fetched.fetchedBytes()));
  }
}
