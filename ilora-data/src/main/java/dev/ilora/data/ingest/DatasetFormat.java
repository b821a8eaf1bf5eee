package dev.ilora.data.ingest;

import dev.ilora.BadInputException;
import dev.ilora.data.records.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The raw forms a dataset can be imported from, and how a folder of each is recognised. */
public enum DatasetFormat {
  /** {@code u.data} (tab separated) and {@code u.item} (pipe separated, ISO-8859-1). */
  MOVIELENS_100K("ml-100k", "u.data", "u.item"),
  /** {@code ratings.dat} and {@code movies.dat}, cells parted by {@code ::}. */
  MOVIELENS_1M("ml-1m", "ratings.dat", "movies.dat"),
  /** {@code ratings.csv} and {@code movies.csv}: latest, 20M, 25M, 32M. */
  MOVIELENS_CSV("movielens", "ratings.csv", "movies.csv"),
  /** HetRec 2011 LastFM: {@code user_taggedartists.dat} and {@code artists.dat}. */
  LASTFM("lastfm", "user_taggedartists.dat", "artists.dat"),
  /** Splits as the LLaRA papers use them: {@code items.tsv} and JSONL rows or users. */
  LLARA("llara", "items.tsv", "test.jsonl"),
  /**
   * Sequences of items in order, without times: {@code items.tsv} and {@code users.jsonl}, such as
   * the 5-core Amazon reviews with keywords in place of titles.
   */
  SEQUENCES("sequences", "items.tsv", "users.jsonl"),
  /** RecBole atomic files: {@code *.inter}, whole or pre-split, and maybe {@code *.item}. */
  RECBOLE("recbole", "*.inter"),
  /**
   * Any other data: a table of interactions and maybe one of items, as CSV, TSV, JSON lines or
   * Parquet.
   */
  CSV("dataset");

  private final String defaultName;
  private final List<String> files;

  DatasetFormat(String defaultName, String... files) {
    this.defaultName = defaultName;
    this.files = List.of(files);
  }

  /** The name as options give it, such as {@code movielens-100k}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads a label. */
  public static DatasetFormat parse(String label) {
    for (DatasetFormat format : values()) {
      if (format.label().equals(label.toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    String choices =
        Arrays.stream(values()).map(DatasetFormat::label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("unknown format '" + label + "'; choices: " + choices);
  }

  /**
   * Recognises a folder by its files, or a single file of interactions by its ending.
   *
   * @throws BadInputException if no format fits, listing what was looked for and what is there
   */
  public static DatasetFormat detect(Path source) throws IOException {
    if (Files.isRegularFile(source) && Table.isOne(source)) {
      return CSV;
    }
    requireFolder(source);
    for (DatasetFormat format : values()) {
      if (format.missing(source).isEmpty()) {
        return format;
      }
    }
    String lookedFor =
        Arrays.stream(values())
            .filter(f -> f != CSV)
            .map(f -> f.label() + " (" + String.join(" and ", f.files) + ")")
            .collect(Collectors.joining(", "));
    throw new BadInputException(
        source,
        "no known format; looked for %s, and tables (.csv, .tsv, .txt, .jsonl, .parquet); found: %s%s"
            .formatted(
                lookedFor,
                TableFiles.names(TableFiles.matching(source, "*")),
                OtherForms.help(TableFiles.matching(source, "*"))));
  }

  private static void requireFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      String found = Files.exists(folder) ? "a file of another kind" : "nothing under that name";
      throw new BadInputException(
          folder,
          "expected a folder, or a table (.csv, .tsv, .txt, .jsonl, .parquet); found "
              + found
              + (Files.exists(folder) ? OtherForms.help(List.of(folder)) : ""));
    }
  }

  /** Whether titles are MovieLens', with their year and their articles behind. */
  public boolean hasMovieTitles() {
    return this == MOVIELENS_100K || this == MOVIELENS_1M || this == MOVIELENS_CSV;
  }

  /** Whether the files hold finished sequences, which are taken as they are. */
  public boolean isSequences() {
    return this == LLARA || this == SEQUENCES;
  }

  /** Whether the files are tables, whose columns and encoding can be named. */
  public boolean isTables() {
    return this == RECBOLE || this == CSV || this == MOVIELENS_CSV;
  }

  public String defaultName() {
    return defaultName;
  }

  /** Refuses a folder without the files of this format. */
  void requireFiles(Path source) throws IOException {
    if (this == CSV && Files.isRegularFile(source) && Table.isOne(source)) {
      return;
    }
    requireFolder(source);
    List<String> missing = missing(source);
    if (!missing.isEmpty()) {
      throw new BadInputException(
          source, "not " + label() + ": missing " + String.join(" and ", missing));
    }
  }

  private List<String> missing(Path folder) throws IOException {
    if (this == CSV) {
      return TableFiles.tables(folder).isEmpty() ? List.of("a table") : List.of();
    }
    List<String> missing = new ArrayList<>();
    for (String file : files) {
      if (TableFiles.matching(folder, file).isEmpty()) {
        missing.add(file);
      }
    }
    return missing;
  }
}
