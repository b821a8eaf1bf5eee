package dev.ilora.data.ingest;

import dev.ilora.data.Dataset;
import dev.ilora.data.MissingTitles;
import dev.ilora.data.MovieTitles;
import dev.ilora.data.TextForm;
import dev.ilora.data.TimeUnit;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.TimeColumn;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an import keeps and how it orders it.
 *
 * @param name name of the dataset, or blank for the format's own
 * @param minRating interactions rated lower are dropped while reading; 0 keeps all
 * @param userCore users with fewer interactions are dropped; 0 keeps all
 * @param itemCore items with fewer interactions are dropped; 0 keeps all
 * @param iterateCore whether the two are repeated until nothing more falls away (a k-core), or done
 *     once, items first
 * @param order order of a user's interactions; that of the file where it has no times
 * @param ties what decides between interactions of the same time
 * @param tieSeed the seed of the lots
 * @param numbering dense ids of items
 * @param titles which MovieLens titles
 * @param unknownItems what to do with interactions of an item that is not in the item file
 * @param titleWords so many words of a title are kept, the first ones; 0 keeps all
 * @param columns which columns of tables are used
 * @param missingTitles what to do with items without a title
 * @param dropDuplicates whether an interaction is dropped whose user, item and time are those of an
 *     earlier one (without times, those of the one before), and an item that is given before
 * @param midnights whether dates without a time of day are midnight where others have one
 * @param timeUnit what numbers in the column of times count; found from the column where not given
 * @param text encoding and separator of tables
 */
public record ImportOptions(
    String name,
    double minRating,
    int userCore,
    int itemCore,
    boolean iterateCore,
    Order order,
    Ties ties,
    long tieSeed,
    Numbering numbering,
    MovieTitles titles,
    UnknownItems unknownItems,
    int titleWords,
    Columns columns,
    MissingTitles missingTitles,
    boolean dropDuplicates,
    boolean midnights,
    Optional<TimeUnit> timeUnit,
    TextForm text) {

  /** Order of a user's interactions. */
  public enum Order {
    /** Oldest first. */
    TIME,
    /** By the item's place in the item file: the papers' LastFM. */
    ITEM,
    /** As in the file. */
    FILE
  }

  /** What decides between interactions of the same time. */
  public enum Ties {
    /** {@link #RANDOM} where most neighbours tie, else {@link #FILE}. */
    AUTO,
    /** By lot, from a seed: the same in whatever order the file is. */
    RANDOM,
    /** The one earlier in the file comes first. */
    FILE,
    /** The one whose item is earlier in the item file comes first. */
    ITEM,
    /**
     * Whatever the quicksort of the papers' NumPy left: not stable, but reproducible; see {@link
     * PaperSort}.
     */
    PAPER
  }

  /** Dense ids of items. */
  public enum Numbering {
    /** In the order of the item file. */
    FILE,
    /** In the order in which items first appear in the users' sequences: the papers' LastFM. */
    APPEARANCE
  }

  /** What to do with interactions of an item that is not in the item file. */
  public enum UnknownItems {
    /** Refuse the file. */
    FAIL,
    /** Drop and count them. */
    DROP
  }

  /** Refuses negative bounds and a name that cannot be a dataset's. */
  public ImportOptions {
    if (!name.isBlank()) {
      Dataset.requireName(name);
    }
    if (!(minRating >= 0) || userCore < 0 || itemCore < 0 || titleWords < 0) {
      throw new IllegalArgumentException(
          "bounds must be at least 0: minimum rating %s, user core %s, item core %s, title words %s"
              .formatted(minRating, userCore, itemCore, titleWords));
    }
  }

  /** Everything is kept, oldest first, {@link Ties#AUTO}. */
  public ImportOptions() {
    this(
        "",
        0,
        0,
        0,
        true,
        Order.TIME,
        Ties.AUTO,
        0,
        Numbering.FILE,
        MovieTitles.CLEAN,
        UnknownItems.FAIL,
        0,
        Columns.USUAL,
        MissingTitles.REFUSE,
        false,
        false,
        Optional.empty(),
        TextForm.USUAL);
  }

  /**
   * The defaults of a format: those above, except that HetRec LastFM drops the tags of the 390
   * artists its own artist file lacks.
   */
  public static ImportOptions defaults(DatasetFormat format) {
    ImportOptions options = new ImportOptions();
    return format == DatasetFormat.LASTFM ? options.with(UnknownItems.DROP) : options;
  }

  /**
   * What the LLaRA and iLoRA papers' released splits were made with, found by comparing with them.
   * MovieLens-100K: ratings of 3 and more, time order with {@link Ties#PAPER}. LastFM: artists of
   * at least 4 users, then users of at least 4 artists, once; ordered by artist id, not by time.
   *
   * @throws IllegalArgumentException for a format the papers did not use
   */
  public static ImportOptions papers(DatasetFormat format) {
    ImportOptions options = defaults(format);
    if (format == DatasetFormat.MOVIELENS_100K) {
      return options.withMinRating(3).with(Ties.PAPER);
    }
    if (format == DatasetFormat.LASTFM) {
      return options.withCore(4, 4, false).with(Order.ITEM).with(Numbering.APPEARANCE);
    }
    throw new IllegalArgumentException(
        "the papers used movielens-100k and lastfm, not " + format.label());
  }

  /**
   * Refuses what would have no effect on files of a format, so that nobody believes it had.
   *
   * @throws IllegalArgumentException naming the option
   */
  public void requireMeaning(DatasetFormat format) {
    ImportOptions plain = defaults(format);
    String meaningless = null;
    if (!format.isTables() && !columns.equals(plain.columns)) {
      meaningless = "columns";
    } else if (!format.isTables() && !text.equals(plain.text)) {
      meaningless = "an encoding or a separator, for its files have one";
    } else if (titles != plain.titles && !format.hasMovieTitles()) {
      meaningless = "a rule for MovieLens titles";
    } else if (ties != plain.ties && order != Order.TIME) {
      meaningless = "a rule for ties in the order of the " + lower(order);
    } else if (format.isSequences() && !sameBut(plain)) {
      meaningless = "filters and orders, for its sequences are taken as they are";
    }
    if (meaningless != null) {
      throw new IllegalArgumentException(format.label() + " has no use for " + meaningless);
    }
  }

  /** Whether nothing else differs than what sequences that are taken as they are leave open. */
  private boolean sameBut(ImportOptions plain) {
    ImportOptions same = plain.withName(name).withTitleWords(titleWords);
    return equals(same) || equals(same.with(Order.FILE).with(ties));
  }

  /** The same with another name. */
  public ImportOptions withName(String name) {
    return changed(draft -> draft.name = name);
  }

  /** The same with another lowest rating. */
  public ImportOptions withMinRating(double minRating) {
    return changed(draft -> draft.minRating = minRating);
  }

  /** The same with other core filters. */
  public ImportOptions withCore(int userCore, int itemCore, boolean iterateCore) {
    return changed(
        draft -> {
          draft.userCore = userCore;
          draft.itemCore = itemCore;
          draft.iterateCore = iterateCore;
        });
  }

  /** The same with another order. */
  public ImportOptions with(Order order) {
    return changed(draft -> draft.order = order);
  }

  /** The same with another tie-break. */
  public ImportOptions with(Ties ties) {
    return changed(draft -> draft.ties = ties);
  }

  /** The same with ties decided by lot. */
  public ImportOptions withRandomTies(long seed) {
    return changed(
        draft -> {
          draft.ties = Ties.RANDOM;
          draft.tieSeed = seed;
        });
  }

  /** The same with other item ids. */
  public ImportOptions with(Numbering numbering) {
    return changed(draft -> draft.numbering = numbering);
  }

  /** The same with other titles. */
  public ImportOptions with(MovieTitles titles) {
    return changed(draft -> draft.titles = titles);
  }

  /** The same with another way with unknown items. */
  public ImportOptions with(UnknownItems unknownItems) {
    return changed(draft -> draft.unknownItems = unknownItems);
  }

  /** The same with titles of at most so many words. */
  public ImportOptions withTitleWords(int titleWords) {
    return changed(draft -> draft.titleWords = titleWords);
  }

  /** The same with other columns. */
  public ImportOptions with(Columns columns) {
    return changed(draft -> draft.columns = columns);
  }

  /** The same with another way with items without a title. */
  public ImportOptions with(MissingTitles missingTitles) {
    return changed(draft -> draft.missingTitles = missingTitles);
  }

  /** The same with duplicates dropped or kept. */
  public ImportOptions withDuplicatesDropped(boolean dropDuplicates) {
    return changed(draft -> draft.dropDuplicates = dropDuplicates);
  }

  /** The same where days among times of day are midnight, or refused. */
  public ImportOptions withMidnights(boolean midnights) {
    return changed(draft -> draft.midnights = midnights);
  }

  /** The same with times of that unit. */
  public ImportOptions with(TimeUnit timeUnit) {
    return changed(draft -> draft.timeUnit = Optional.of(timeUnit));
  }

  /** The same with tables written in another way. */
  public ImportOptions with(TextForm text) {
    return changed(draft -> draft.text = text);
  }

  private ImportOptions changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** Options that can still be changed. */
  private static final class Draft {
    private String name;
    private double minRating;
    private int userCore;
    private int itemCore;
    private boolean iterateCore;
    private Order order;
    private Ties ties;
    private long tieSeed;
    private Numbering numbering;
    private MovieTitles titles;
    private UnknownItems unknownItems;
    private int titleWords;
    private Columns columns;
    private MissingTitles missingTitles;
    private boolean dropDuplicates;
    private boolean midnights;
    private Optional<TimeUnit> timeUnit;
    private TextForm text;

    private Draft(ImportOptions from) {
      name = from.name;
      minRating = from.minRating;
      userCore = from.userCore;
      itemCore = from.itemCore;
      iterateCore = from.iterateCore;
      order = from.order;
      ties = from.ties;
      tieSeed = from.tieSeed;
      numbering = from.numbering;
      titles = from.titles;
      unknownItems = from.unknownItems;
      titleWords = from.titleWords;
      columns = from.columns;
      missingTitles = from.missingTitles;
      dropDuplicates = from.dropDuplicates;
      midnights = from.midnights;
      timeUnit = from.timeUnit;
      text = from.text;
    }

    private ImportOptions options() {
      return new ImportOptions(
          name,
          minRating,
          userCore,
          itemCore,
          iterateCore,
          order,
          ties,
          tieSeed,
          numbering,
          titles,
          unknownItems,
          titleWords,
          columns,
          missingTitles,
          dropDuplicates,
          midnights,
          timeUnit,
          text);
    }
  }

  /** An empty catalogue that follows these options. */
  ItemTable newCatalogue() {
    return new ItemTable(missingTitles, dropDuplicates);
  }

  /** A column of times that follows these options. */
  TimeColumn newTimes(String column, String help) {
    return new TimeColumn(column, timeUnit, midnights, help);
  }

  /** The options as provenance records them. */
  Map<String, String> provenance() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("min_rating", Double.toString(minRating));
    lines.put("user_core", Integer.toString(userCore));
    lines.put("item_core", Integer.toString(itemCore));
    lines.put("core_iterated", Boolean.toString(iterateCore));
    lines.put("order", lower(order));
    lines.put("ties", ties == Ties.RANDOM ? "random:" + tieSeed : lower(ties));
    lines.put("numbering", lower(numbering));
    if (titleWords > 0) {
      lines.put("title_words", Integer.toString(titleWords));
    }
    return lines;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
