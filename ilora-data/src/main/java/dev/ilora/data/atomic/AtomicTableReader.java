package dev.ilora.data.atomic;

import dev.ilora.BadInputException;
import dev.ilora.data.Dataset;
import dev.ilora.data.Item;
import dev.ilora.data.Keys;
import dev.ilora.data.TimeUnit;
import dev.ilora.data.UserSequence;
import dev.ilora.data.records.InteractionLog;
import dev.ilora.data.records.KeyIndex;
import dev.ilora.data.records.LineReader;
import dev.ilora.data.records.Sequences;
import dev.ilora.data.records.Slice;
import dev.ilora.data.records.TimeColumn;
import dev.ilora.data.records.TypedHeader;
import dev.ilora.files.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the tables of the native form and hashes their bytes on the way. */
final class AtomicTableReader {
  private final Path folder;
  private final String name;
  private final MessageDigest digest = Hashes.sha256();

  /**
   * A reader of one folder.
   *
   * @param name name of the dataset, which is that of its files
   */
  AtomicTableReader(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** Reads the dataset. */
  Dataset read(Map<String, String> provenance) throws IOException {
    for (AtomicTable table : AtomicTable.values()) {
      if (!Files.isRegularFile(file(table))) {
        throw new BadInputException(folder, "missing " + file(table).getFileName());
      }
    }
    List<Item> items = items();
    Map<String, Map<String, String>> users = users();
    return new Dataset(name, items, sequences(items, users), provenance);
  }

  /** SHA-256 (hex) of the files read, after one another. */
  String hash() {
    return Hashes.hex(digest.digest());
  }

  private Path file(AtomicTable table) {
    return folder.resolve(name + table.suffix());
  }

  private LineReader open(AtomicTable table) throws IOException {
    InputStream in = new DigestInputStream(Files.newInputStream(file(table)), digest);
    return new LineReader(file(table), in, "\t");
  }

  private List<Item> items() throws IOException {
    List<Item> items = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    try (LineReader reader = open(AtomicTable.ITEMS)) {
      TypedHeader header = TypedHeader.read(reader, "item_id", "title");
      while (reader.next()) {
        reader.requireCells(header.size());
        List<String> cells = reader.cells();
        if (!keys.add(cells.get(0))) {
          throw reader.wrong("item " + cells.get(0) + " is given twice");
        }
        if (cells.get(1).isBlank()) {
          throw reader.wrong("item " + cells.get(0) + " has no title");
        }
        int id = items.size();
        items.add(
            reader.checked(() -> new Item(id, cells.get(0), cells.get(1), header.rest(cells, 2))));
      }
    }
    return items;
  }

  private Map<String, Map<String, String>> users() throws IOException {
    Map<String, Map<String, String>> users = new LinkedHashMap<>();
    try (LineReader reader = open(AtomicTable.USERS)) {
      TypedHeader header = TypedHeader.read(reader, "user_id");
      while (reader.next()) {
        reader.requireCells(header.size());
        List<String> cells = reader.cells();
        reader.check(() -> Keys.require("user", cells.get(0)));
        if (users.putIfAbsent(cells.get(0), header.rest(cells, 1)) != null) {
          throw reader.wrong("user " + cells.get(0) + " is given twice");
        }
      }
    }
    return users;
  }

  private List<UserSequence> sequences(List<Item> items, Map<String, Map<String, String>> users)
      throws IOException {
    KeyIndex itemIds = new KeyIndex();
    items.forEach(i -> itemIds.add(Slice.of(i.key())));
    try (LineReader reader = open(AtomicTable.INTERACTIONS)) {
      TypedHeader header = TypedHeader.read(reader, "user_id", "item_id");
      int rating = header.indexOf("rating");
      int time = header.indexOf("timestamp");
      InteractionLog log = new InteractionLog(rating >= 0, time >= 0);
      TimeColumn times = new TimeColumn("timestamp", Optional.of(TimeUnit.SECONDS));
      users.keySet().forEach(u -> log.userId(Slice.of(u)));
      while (reader.next()) {
        reader.requireCells(header.size());
        int item = itemIds.find(reader.cell(1));
        if (item < 0) {
          throw reader.wrong("unknown item " + reader.cell(1));
        }
        int user = log.findUser(reader.cell(0));
        if (user < 0) {
          throw reader.wrong("unknown user " + reader.cell(0));
        }
        log.add(
            user,
            item,
            rating < 0 ? 0 : reader.number(reader.cell(rating), "rating"),
            time < 0 ? 0 : times.read(reader, reader.cell(time)));
      }
      times.finish(reader, log);
      return Sequences.of(log, users);
    }
  }
}
