package dev.ilora.data;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
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
  /** RecBole atomic files: one {@code *.inter} and one {@code *.item}. */
  RECBOLE("recbole", "*.inter", "*.item"),
  /** Any other data: {@code interactions.csv} and {@code items.csv} with a column mapping. */
  CSV("dataset", "interactions.csv", "items.csv");

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
   * Recognises a folder by its files.
   *
   * @throws BadInputException if no format fits, listing what was looked for and what is there
   */
  public static DatasetFormat detect(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(folder, "not a folder");
    }
    for (DatasetFormat format : values()) {
      if (format.missing(folder).isEmpty()) {
        return format;
      }
    }
    String lookedFor =
        Arrays.stream(values())
            .map(f -> f.label() + " (" + String.join(" and ", f.files) + ")")
            .collect(Collectors.joining(", "));
    throw new BadInputException(
        folder, "no known format; looked for " + lookedFor + "; found: " + listing(folder));
  }

  /** Whether titles are MovieLens', with their year and their articles behind. */
  public boolean hasMovieTitles() {
    return this == MOVIELENS_100K || this == MOVIELENS_1M || this == MOVIELENS_CSV;
  }

  /** Whether the files hold finished sequences, which are taken as they are. */
  public boolean isSequences() {
    return this == LLARA || this == SEQUENCES;
  }

  public String defaultName() {
    return defaultName;
  }

  /** The file a pattern of {@link #files} stands for. */
  public static Path find(Path folder, String pattern) throws IOException {
    List<Path> found = matches(folder, pattern);
    if (found.size() != 1) {
      throw new BadInputException(
          folder, "expected one file " + pattern + ", found " + found.size());
    }
    return found.getFirst();
  }

  public void requireFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(folder, "not a folder");
    }
    List<String> missing = missing(folder);
    if (!missing.isEmpty()) {
      throw new BadInputException(
          folder, "not " + label() + ": missing " + String.join(" and ", missing));
    }
  }

  private List<String> missing(Path folder) throws IOException {
    List<String> missing = new ArrayList<>();
    for (String file : files) {
      if (matches(folder, file).isEmpty()) {
        missing.add(file);
      }
    }
    return missing;
  }

  private static List<Path> matches(Path folder, String pattern) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
      List<Path> paths = new ArrayList<>();
      found.forEach(paths::add);
      paths.sort(null);
      return paths;
    }
  }

  private static String listing(Path folder) throws IOException {
    List<Path> found = matches(folder, "*");
    String names =
        found.stream()
            .limit(12)
            .map(p -> p.getFileName().toString())
            .collect(Collectors.joining(", "));
    return found.isEmpty() ? "nothing" : found.size() > 12 ? names + ", ..." : names;
  }
}
