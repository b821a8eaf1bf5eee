package dev.ilora.data.ingest;

import dev.ilora.BadInputException;
import dev.ilora.Counted;
import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.UserSequence;
import dev.ilora.data.ingest.ImportOptions.Order;
import dev.ilora.data.ingest.ImportOptions.Ties;
import dev.ilora.data.records.InteractionLog;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.Sequences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Turns a folder of raw files into a {@link Dataset}: reads, filters, orders, numbers.
 *
 * <p>Items keep the order of their file and are all kept, also those nobody chose; only a core
 * filter drops items. Users stand in the order in which they first appear among what is kept while
 * reading.
 */
public final class Importer {
  // Above this share of ties the order of the file decides most of what comes next.
  private static final double MOST = 0.5;

  private Importer() {}

  /** Imports a folder of whatever format it is, with that format's defaults. */
  public static Dataset read(Path folder) throws IOException {
    DatasetFormat format = DatasetFormat.detect(folder);
    return read(folder, format, ImportOptions.defaults(format));
  }

  /**
   * Imports a folder.
   *
   * @throws IllegalArgumentException for an option that means nothing for such a format
   * @throws BadInputException for a missing file or column, a line that cannot be read, an item
   *     without a title or given twice, an interaction with an unknown item, a lowest rating or a
   *     rule for ties where there are no ratings or times, or if nothing is left
   */
  public static Dataset read(Path folder, DatasetFormat format, ImportOptions options)
      throws IOException {
    format.requireFiles(folder);
    options.requireMeaning(format);
    RawData raw =
        switch (format) {
          case MOVIELENS_100K -> MovieLensReader.read100K(folder, options);
          case MOVIELENS_1M -> MovieLensReader.read1M(folder, options);
          case MOVIELENS_CSV -> MovieLensReader.readCsv(folder, options);
          case LASTFM -> LastFmReader.read(folder, options);
          case LLARA -> LlaraReader.read(folder, true);
          case SEQUENCES -> LlaraReader.read(folder, false);
          case RECBOLE -> TableReader.read(TableFiles.atomic(folder), options);
          case CSV -> TableReader.read(tables(folder, options), options);
        };
    String name = options.name().isBlank() ? format.defaultName() : options.name();
    return build(folder, format, name, raw, options);
  }

  private static TableFiles tables(Path source, ImportOptions options) throws IOException {
    return Files.isRegularFile(source)
        ? TableFiles.ofLog(source)
        : TableFiles.find(source, options);
  }

  /** The options as they were followed: what has no times keeps the order of its file. */
  private static ImportOptions recorded(
      DatasetFormat format, ImportOptions options, InteractionLog log, double tied) {
    boolean inFileOrder = format.isSequences() || options.order() == Order.TIME && !log.hasTimes();
    ImportOptions followed = inFileOrder ? options.with(Order.FILE) : options;
    if (followed.ties() != Ties.AUTO) {
      return followed;
    }
    boolean mostTie = followed.order() == Order.TIME && tied > MOST;
    return followed.with(mostTie ? Ties.RANDOM : Ties.FILE);
  }

  private static Dataset build(
      Path folder, DatasetFormat format, String name, RawData raw, ImportOptions asked) {
    InteractionLog log = raw.log();
    InteractionLog.Grouping grouping = log.byUser();
    double tied = SequenceOrder.tiedShare(log, grouping);
    ImportOptions options = recorded(format, asked, log, tied);
    requireMeaning(folder, log, options);
    CoreFilter core = CoreFilter.apply(log, grouping, raw.catalogue().size(), options);
    if (core.interactions() == 0) {
      throw new BadInputException(
          folder,
          "empty dataset: none of %s is left by user core %s and item core %s"
              .formatted(
                  Counted.of(log.size(), "interaction"), options.userCore(), options.itemCore()));
    }
    SequenceOrder order = new SequenceOrder(log, options, raw.parts());
    List<UserSequence> users =
        Sequences.of(
            log,
            grouping,
            all -> {
              int[] kept = core.kept(all);
              order.sort(kept);
              return kept;
            },
            (user, interactions) -> attributes(raw, user, interactions));
    Renumbering renumbering = Renumbering.of(raw.catalogue(), users, core, options);
    Map<String, String> provenance = provenance(folder, format, raw, options);
    if (log.hasTimes()) {
      provenance.put("tied_neighbours", share(tied));
      raw.parts()
          .map(parts -> SequenceOrder.againstTime(log, grouping, parts))
          .filter(against -> against > 0)
          .ifPresent(against -> provenance.put("split_against_time", Long.toString(against)));
    }
    if (options.dropDuplicates()) {
      provenance.put("dropped_duplicates", Integer.toString(core.duplicates()));
    }
    return new Dataset(name, renumbering.items(), renumbering.apply(users), provenance);
  }

  private static String share(double share) {
    return String.format(Locale.ROOT, "%.3f", share);
  }

  private static void requireMeaning(Path folder, InteractionLog log, ImportOptions options) {
    if (options.minRating() > 0 && !log.hasRatings()) {
      throw new BadInputException(
          folder, "has no ratings to drop those below %s".formatted(options.minRating()));
    }
    if (options.ties() != Ties.FILE && !log.hasTimes()) {
      throw new BadInputException(folder, "has no times that could tie");
    }
    if (log.size() == 0) {
      throw new BadInputException(
          folder, "empty dataset: no interactions" + below(options.minRating()));
    }
  }

  private static Map<String, String> provenance(
      Path folder, DatasetFormat format, RawData raw, ImportOptions options) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("source", folder.toAbsolutePath().normalize().getFileName().toString());
    provenance.put("importer", format.label());
    provenance.putAll(options.provenance());
    provenance.putAll(raw.notes());
    return provenance;
  }

  private static Map<String, String> attributes(RawData raw, String user, int[] interactions) {
    return raw.parts()
        .map(parts -> Map.of(UserSequence.SPLIT, parts.attribute(interactions)))
        .orElse(raw.users().getOrDefault(user, Map.of()));
  }

  private static String below(double minRating) {
    return minRating > 0 ? " with a rating of at least " + minRating : "";
  }

  /** Dense ids after filtering. */
  private record Renumbering(List<Item> items, int[] newIds) {
    static Renumbering of(
        ItemTable catalogue, List<UserSequence> users, CoreFilter core, ImportOptions options) {
      int[] newIds = new int[catalogue.size()];
      Arrays.fill(newIds, -1);
      List<Item> items = new ArrayList<>();
      if (options.numbering() == ImportOptions.Numbering.APPEARANCE) {
        for (UserSequence user : users) {
          for (int item : user.items()) {
            keep(catalogue, item, options, newIds, items);
          }
        }
      }
      for (int item = 0; item < catalogue.size(); item++) {
        if (!core.filters() || core.keepsItem(item)) {
          keep(catalogue, item, options, newIds, items);
        }
      }
      return new Renumbering(items, newIds);
    }

    private static void keep(
        ItemTable catalogue, int item, ImportOptions options, int[] newIds, List<Item> items) {
      if (newIds[item] < 0) {
        newIds[item] = items.size();
        Item old = catalogue.items().get(item);
        String title = firstWords(old.title(), options.titleWords());
        items.add(new Item(items.size(), old.key(), title, old.attributes()));
      }
    }

    private static String firstWords(String title, int count) {
      if (count == 0) {
        return title;
      }
      String[] words = title.split(" +");
      return words.length <= count ? title : String.join(" ", Arrays.copyOf(words, count));
    }

    List<UserSequence> apply(List<UserSequence> users) {
      for (UserSequence user : users) {
        int[] sequence = user.items();
        Arrays.setAll(sequence, p -> newIds[sequence[p]]);
      }
      return users;
    }
  }
}
