package dev.ilora.data.ingest;

import dev.ilora.data.Part;
import dev.ilora.data.records.InteractionLog;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.RecordSource;
import dev.ilora.data.records.Slice;
import dev.ilora.data.records.TimeColumn;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where readers put interactions: looks up the item, drops low ratings, counts what it drops. */
final class InteractionSink {
  private final ItemTable catalogue;
  private final InteractionLog log;
  private final Optional<TimeColumn> times;
  private final ImportOptions options;
  private final PartColumn parts = new PartColumn();
  // Users whose key has white space around it, by the key without.
  private final Map<String, String> padded = new HashMap<>();
  private boolean split;
  private long read;
  private long lowRated;
  private long unknown;
  private long untitled;

  InteractionSink(
      ItemTable catalogue, boolean hasRatings, Optional<TimeColumn> times, ImportOptions options) {
    this.catalogue = catalogue;
    this.log = new InteractionLog(hasRatings, times.isPresent());
    this.times = times;
    this.options = options;
  }

  /** Adds an interaction of a source that is not split. */
  void add(RecordSource source, Slice user, Slice item, float rating, long time) {
    add(source, user, item, rating, time, Optional.empty());
  }

  /**
   * Adds an interaction; its mistakes become mistakes of the record it was read from.
   *
   * @param time what the column of times read
   */
  void add(
      RecordSource source, Slice user, Slice item, float rating, long time, Optional<Part> part) {
    try {
      read++;
      Slice key = item.strip();
      int id = catalogue.id(key);
      if (id < 0) {
        drop(key);
      } else if (log.hasRatings() && rating < options.minRating()) {
        lowRated++;
      } else {
        log.add(userId(user), id, rating, time);
        if (times.isPresent()) {
          log.addNanos(times.get().nanos());
        }
        part.ifPresent(parts::add);
        split |= part.isPresent();
      }
    } catch (IllegalArgumentException e) {
      throw source.wrong(e.getMessage());
    }
  }

  private void drop(Slice item) {
    if (catalogue.isDropped(item)) {
      untitled++;
    } else if (options.unknownItems() == ImportOptions.UnknownItems.DROP) {
      unknown++;
    } else {
      throw new IllegalArgumentException(
          item.isEmpty()
              ? "blank item; expected a key"
              : "unknown item '%s'; expected one of the item file, or --drop-unknown"
                  .formatted(item));
    }
  }

  /** Users are told apart by every character, except white space around the key. */
  private int userId(Slice user) {
    Slice key = user.strip();
    if (key == user && padded.isEmpty()) {
      return log.userId(key);
    }
    String other = padded.get(key.toString());
    boolean known = other != null || log.findUser(key) >= 0;
    boolean same = other == null ? key == user : other.contentEquals(user);
    if (known && !same) {
      throw new IllegalArgumentException(
          "user '%s' and user '%s' differ only in white space around them; expected one of the two"
              .formatted(user, other == null ? key : other));
    }
    if (key != user) {
      padded.put(key.toString(), user.toString());
    }
    return log.userId(key);
  }

  /**
   * What was read.
   *
   * @param source where it was read from, for mistakes of a whole column
   */
  RawData finish(RecordSource source) {
    times.ifPresent(column -> column.finish(source, log));
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("interactions_read", Long.toString(read));
    notes.put("dropped_low_ratings", Long.toString(lowRated));
    notes.put("dropped_unknown_items", Long.toString(unknown));
    if (untitled > 0) {
      notes.put("dropped_of_untitled_items", Long.toString(untitled));
    }
    notes.putAll(catalogue.notes());
    log.lookAlikes().ifPresent(remark -> notes.put("look_alike_users", remark));
    times.ifPresent(column -> notes.put("times", column.description()));
    times.flatMap(TimeColumn::remark).ifPresent(remark -> notes.put("odd_times", remark));
    times.flatMap(TimeColumn::rounded).ifPresent(remark -> notes.put("rounded_times", remark));
    return new RawData(
        catalogue, log, Map.of(), notes, split ? Optional.of(parts) : Optional.empty());
  }
}
