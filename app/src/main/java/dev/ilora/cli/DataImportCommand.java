package dev.ilora.cli;

import dev.ilora.Counted;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Dataset;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.files.MakingLock;
import dev.ilora.files.WholeFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora data import}: raw files to the native form. */
@CommandLine.Command(
    name = "import",
    description = {
      "Turn raw files into a data set: your own tables (CSV, TSV, JSON lines, Parquet), MovieLens,",
      "HetRec LastFM, RecBole atomic files, LLaRA splits, or sequences (items.tsv, users.jsonl).",
      "The format is recognised by the files, columns by their names; what was recognised is said.",
      "A table of items is optional: without one, the keys of the items stand for their titles."
    },
    footer = {
      "",
      "Examples:",
      "  ilora data import shop/ --name shop",
      "  ilora data import clicks.csv --columns user=visitor,item=sku,time=seen",
      "  ilora data import old/ --encoding windows-1252 --missing-titles key --drop-duplicates"
    })
final class DataImportCommand implements Command {
  @Parameters(
      paramLabel = "DIR",
      description = "Folder with the raw files, or one table of interactions.")
  private Path source;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to write (default: data/NAME).")
  private Path out;

  @Mixin private ImportArguments arguments;

  @Option(names = "--force", description = "Replace a data set that is there.")
  private boolean force;

  @Override
  public void run(Terminal terminal) throws IOException {
    if (out != null) {
      requireFree(out);
    }
    Dataset dataset = arguments.read(source, terminal);
    Path folder = out == null ? Path.of("data", dataset.name()) : out;
    requireFree(folder);
    String hash = DatasetFolder.write(dataset, folder, force);
    terminal.line(
        "%s: %s"
            .formatted(
                folder,
                Counted.data(
                    dataset.users().size(), dataset.itemCount(), dataset.interactionCount())));
    terminal.remark("next: ilora data describe " + ShellWord.of(folder));
    terminal.json(json(dataset, folder, hash));
  }

  private void requireFree(Path folder) throws IOException {
    if (Files.exists(folder) && Files.exists(source) && Files.isSameFile(source, folder)) {
      throw new ConfigException(
          "%s is read and would be written over: give another --out or --name".formatted(folder));
    }
    if (!WholeFolder.isFree(folder)) {
      try (var _ = MakingLock.refusing(folder)) {
        DatasetFolder.requireReplaceable(folder, force);
      }
    }
  }

  private static Map<String, Object> json(Dataset dataset, Path folder, String hash) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("folder", folder.toString());
    json.put("name", dataset.name());
    json.put("users", dataset.users().size());
    json.put("items", dataset.itemCount());
    json.put("interactions", dataset.interactionCount());
    json.put("hash", hash);
    json.put("provenance", dataset.provenance());
    return json;
  }
}
