package dev.ilora.cli;

import dev.ilora.config.ConfigException;
import dev.ilora.data.Dataset;
import dev.ilora.data.DatasetFormat;
import dev.ilora.data.MovieTitles;
import dev.ilora.data.atomic.DatasetFolder;
import dev.ilora.data.ingest.CsvColumns;
import dev.ilora.data.ingest.ImportOptions;
import dev.ilora.data.ingest.Importer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ilora data import}: raw files to the native form. */
@CommandLine.Command(
    name = "import",
    description = {
      "Turn raw files into a data set: MovieLens, HetRec LastFM, RecBole atomic files, LLaRA",
      "splits, sequences (items.tsv and users.jsonl), or CSV (interactions.csv and items.csv).",
      "The format is recognised by the files."
    })
final class DataImportCommand implements Command {
  @Parameters(paramLabel = "DIR", description = "Folder with the raw files.")
  private Path source;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to write (default: data/NAME).")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "movielens-100k, movielens-1m, movielens-csv, lastfm, llara, sequences, recbole or csv,"
              + " where it should not be guessed.")
  private String format;

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the data set.")
  private String name;

  @Option(
      names = "--papers",
      description =
          "Filters and order of the LLaRA and iLoRA papers (MovieLens-100K and LastFM); LastFM is"
              + " then ordered by artist id, not by time.")
  private boolean papers;

  @Option(names = "--min-rating", paramLabel = "R", description = "Drop interactions rated lower.")
  private Double minRating;

  @Option(
      names = "--k-core",
      paramLabel = "K",
      description = "Drop users and items with fewer interactions, again and again.")
  private Integer core;

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      description = "time (default), item (by place in the item file) or file.")
  private ImportOptions.Order order;

  @Option(
      names = "--ties",
      paramLabel = "TIES",
      description =
          "What decides within one second: file (default), item, or paper (the papers' unstable"
              + " sort).")
  private ImportOptions.Ties ties;

  @Option(
      names = "--titles",
      paramLabel = "RULE",
      description = "MovieLens titles: clean (default), papers or raw.")
  private MovieTitles titles;

  @Option(
      names = "--title-words",
      paramLabel = "N",
      description = "Keep the first N words of longer titles (default: all).")
  private Integer titleWords;

  @Option(
      names = "--drop-unknown",
      description = "Drop interactions of items without an entry instead of failing.")
  private boolean dropUnknown;

  @Option(
      names = "--columns",
      paramLabel = "MAP",
      description =
          "Columns of CSV and atomic files, e.g."
              + " user=userId,item=movieId,rating=stars,time=ts,key=id,title=name.")
  private String columns;

  @Option(names = "--force", description = "Replace a data set that is there.")
  private boolean force;

  @Override
  public void run(Terminal terminal) throws IOException {
    DatasetFormat chosen = format == null ? DatasetFormat.detect(source) : format();
    terminal.remark("format: " + chosen.label());
    if (out != null) {
      requireFree(chosen, out);
    }
    Dataset dataset = Importer.read(source, chosen, options(chosen));
    Path folder = out == null ? Path.of("data", dataset.name()) : out;
    requireFree(chosen, folder);
    String hash = DatasetFolder.write(dataset, folder, force);
    terminal.line(
        "%s: %,d users, %,d items, %,d interactions"
            .formatted(
                folder, dataset.users().size(), dataset.itemCount(), dataset.interactionCount()));
    terminal.remark("next: ilora data describe " + folder);
    terminal.json(json(dataset, folder, hash));
  }

  private void requireFree(DatasetFormat chosen, Path folder) throws IOException {
    if (chosen == DatasetFormat.RECBOLE
        && Files.exists(folder)
        && Files.isSameFile(source, folder)) {
      throw new ConfigException(
          "%s is read and would be written over: give another --out or --name".formatted(folder));
    }
    DatasetFolder.requireReplaceable(folder, force);
  }

  private DatasetFormat format() {
    try {
      return DatasetFormat.parse(format);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private ImportOptions options(DatasetFormat chosen) {
    try {
      ImportOptions options =
          papers ? ImportOptions.papers(chosen) : ImportOptions.defaults(chosen);
      options = name == null ? options : options.withName(name);
      options = minRating == null ? options : options.withMinRating(minRating);
      options = core == null ? options : options.withCore(core, core, true);
      options = order == null ? options : options.with(order);
      options = ties == null ? options : options.with(ties);
      options = titles == null ? options : options.with(titles);
      options = titleWords == null ? options : options.withTitleWords(titleWords);
      options = dropUnknown ? options.with(ImportOptions.UnknownItems.DROP) : options;
      options = columns == null ? options : options.with(CsvColumns.parse(columns));
      options.requireMeaning(chosen);
      return options;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
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
