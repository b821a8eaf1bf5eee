package dev.ilora.data.ingest;

import dev.ilora.data.records.InteractionLog;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.RecordSource;
import dev.ilora.data.records.Slice;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where readers put interactions: looks up the item, drops low ratings, counts what it drops. */
final class InteractionSink {
  private final ItemTable catalogue;
  private final InteractionLog log;
  private final ImportOptions options;
  private long read;
  private long lowRated;
  private long unknown;

  InteractionSink(
      ItemTable catalogue, boolean hasRatings, boolean hasTimes, ImportOptions options) {
    this.catalogue = catalogue;
    this.log = new InteractionLog(hasRatings, hasTimes);
    this.options = options;
  }

  /**
   * Adds an interaction.
   *
   * @throws IllegalArgumentException for a blank user or an unknown item, unless those are dropped
   */
  void add(Slice user, Slice itemKey, float rating, long time) {
    Slice userKey = user.strip();
    Slice key = itemKey.strip();
    if (userKey.isEmpty()) {
      throw new IllegalArgumentException("blank user");
    }
    read++;
    int item = catalogue.id(key);
    if (item < 0 && options.unknownItems() == ImportOptions.UnknownItems.FAIL) {
      throw new IllegalArgumentException("unknown item " + key);
    }
    if (item < 0) {
      unknown++;
    } else if (log.hasRatings() && rating < options.minRating()) {
      lowRated++;
    } else {
      log.add(log.userId(userKey), item, rating, time);
    }
  }

  /** Adds an interaction; its mistakes become mistakes of the record it was read from. */
  void add(RecordSource source, Slice user, Slice item, float rating, long time) {
    try {
      add(user, item, rating, time);
    } catch (IllegalArgumentException e) {
      throw source.wrong(e.getMessage());
    }
  }

  RawData finish(Map<String, Map<String, String>> users) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("interactions_read", Long.toString(read));
    notes.put("dropped_low_ratings", Long.toString(lowRated));
    notes.put("dropped_unknown_items", Long.toString(unknown));
    return new RawData(catalogue, log, users, notes);
  }

  InteractionLog log() {
    return log;
  }
}
