package dev.ilora.cli;

import dev.ilora.BadInputException;
import dev.ilora.config.ConfigException;
import dev.ilora.data.Dataset;
import dev.ilora.data.MissingTitles;
import dev.ilora.data.MovieTitles;
import dev.ilora.data.TextForm;
import dev.ilora.data.TimeUnit;
import dev.ilora.data.ingest.Columns;
import dev.ilora.data.ingest.DatasetFormat;
import dev.ilora.data.ingest.ImportOptions;
import dev.ilora.data.ingest.Importer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How raw files are read: the options of commands that import. */
final class ImportArguments {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "movielens-100k, movielens-1m, movielens-csv, lastfm, llara, sequences, recbole or csv,"
              + " where it should not be guessed.")
  private String format;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "Name of the data set (default: that of the table or folder; that of the format where"
              + " it is a published data set).")
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
          "What decides between equal times: random or random:SEED, file, item, or paper (the"
              + " papers' unstable sort). Default: random where most neighbours tie, else file.")
  private String ties;

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
      names = "--drop-duplicates",
      description =
          "Drop interactions whose user, item and time are those of an earlier one (without times:"
              + " those of the one before), and all but the first line of an item.")
  private boolean dropDuplicates;

  @Option(
      names = "--midnight",
      description =
          "Read dates without a time of day as midnight where others have one, instead of failing.")
  private boolean midnights;

  @Option(
      names = "--missing-titles",
      paramLabel = "RULE",
      description =
          "Items without a title: refuse (default), key (it stands for the title) or drop.")
  private MissingTitles missingTitles;

  @Option(
      names = "--columns",
      paramLabel = "MAP",
      description =
          "Columns of tables that are not recognised by their names: NAME=COLUMN, NAME one of user,"
              + " item, rating, time, split (interactions), key, title, categories (items), such as"
              + " user=userId,item=movieId. An empty COLUMN leaves it out: rating=")
  private String columns;

  @Option(
      names = "--time-unit",
      paramLabel = "UNIT",
      description =
          "What numbers in the column of times count: seconds, milliseconds, microseconds or"
              + " nanoseconds (default: found from the column).")
  private TimeUnit timeUnit;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description = "Encoding of tables, such as windows-1252 or ISO-8859-1 (default: UTF-8).")
  private String encoding;

  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      description = "What parts the cells of CSV files, or the word tab (default: found).")
  private String separator;

  /** The name of a file or folder as a name for a data set. */
  static String nameOf(Path source) {
    String file = source.toAbsolutePath().normalize().getFileName().toString();
    String stem = Files.isDirectory(source) ? file : file.replaceFirst("\\.[^.]*$", "");
    String name = stem.replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[._-]+", "");
    return name.isEmpty() ? "data" : name;
  }

  /** Reads raw files under a name of their own unless another one is asked for. */
  Dataset read(Path source, String usualName, Terminal terminal) throws IOException {
    name = name == null ? usualName : name;
    return read(source, terminal);
  }

  /** Reads raw files and says what was recognised, chosen and dropped. */
  Dataset read(Path source, Terminal terminal) throws IOException {
    DatasetFormat chosen = format == null ? DatasetFormat.detect(source) : format();
    boolean isOwn = chosen == DatasetFormat.CSV || chosen == DatasetFormat.RECBOLE;
    name = name == null && isOwn ? nameOf(source) : name;
    terminal.remark("format: " + chosen.label());
    Dataset dataset = Importer.read(source, chosen, options(chosen));
    if (order == ImportOptions.Order.TIME && "file".equals(dataset.provenance().get("order"))) {
      throw new BadInputException(
          source, "has no times for --order time; --columns time=COLUMN names their column");
    }
    ImportRemarks.of(dataset.provenance()).forEach(terminal::remark);
    return dataset;
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
      options = ties == null ? options : withTies(options);
      options = titles == null ? options : options.with(titles);
      options = titleWords == null ? options : options.withTitleWords(titleWords);
      options = dropUnknown ? options.with(ImportOptions.UnknownItems.DROP) : options;
      options = columns == null ? options : options.with(Columns.parse(columns));
      options = missingTitles == null ? options : options.with(missingTitles);
      options = dropDuplicates ? options.withDuplicatesDropped(true) : options;
      options = midnights ? options.withMidnights(true) : options;
      options = timeUnit == null ? options : options.with(timeUnit);
      options = options.with(textForm());
      options.requireMeaning(chosen);
      return options;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  /** Reads {@code random}, {@code random:SEED} or the name of another rule. */
  private ImportOptions withTies(ImportOptions options) {
    String[] parts = ties.split(":", 2);
    try {
      if (parts[0].equals("random")) {
        return options.withRandomTies(parts.length == 1 ? 0 : Long.parseLong(parts[1]));
      }
      if (parts.length == 1 && !ties.equals("auto")) {
        return options.with(ImportOptions.Ties.valueOf(ties.toUpperCase(Locale.ROOT)));
      }
    } catch (IllegalArgumentException e) {
      // Said below, for both kinds of mistakes.
    }
    throw new ConfigException(
        "--ties: expected random, random:SEED, file, item or paper, got '%s'".formatted(ties));
  }

  private TextForm textForm() {
    return new TextForm(
        encoding == null ? TextForm.USUAL.encoding() : TextForm.encoding(encoding),
        Optional.ofNullable(separator).map(TextForm::separator));
  }
}
