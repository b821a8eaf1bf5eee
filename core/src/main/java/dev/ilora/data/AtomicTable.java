package dev.ilora.data;

import dev.ilora.BadInputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The three tables of the native form and how they are written and read. */
enum AtomicTable {
  ITEMS(".item") {
    @Override
    void write(Dataset dataset, Writer out) throws IOException {
      Set<String> attributes = new LinkedHashSet<>();
      dataset.items().forEach(i -> attributes.addAll(i.attributes().keySet()));
      out.write("item_id:token\ttitle:token_seq" + header(attributes) + "\n");
      for (Item item : dataset.items()) {
        out.write(cell(item.key()) + "\t" + cell(item.title()));
        writeCells(attributes, item.attributes(), out);
      }
    }
  },
  USERS(".user") {
    @Override
    void write(Dataset dataset, Writer out) throws IOException {
      Set<String> attributes = new LinkedHashSet<>();
      dataset.users().forEach(u -> attributes.addAll(u.attributes().keySet()));
      out.write("user_id:token" + header(attributes) + "\n");
      for (UserSequence user : dataset.users()) {
        out.write(cell(user.user()));
        writeCells(attributes, user.attributes(), out);
      }
    }
  },
  INTERACTIONS(".inter") {
    @Override
    void write(Dataset dataset, Writer out) throws IOException {
      boolean ratings = dataset.hasRatings();
      boolean times = dataset.hasTimes();
      out.write("user_id:token\titem_id:token");
      out.write((ratings ? "\trating:float" : "") + (times ? "\ttimestamp:float" : "") + "\n");
      for (UserSequence user : dataset.users()) {
        for (int p = 0; p < user.length(); p++) {
          out.write(cell(user.user()) + "\t" + cell(dataset.items().get(user.items()[p]).key()));
          out.write(ratings ? "\t" + number(user.ratings()[p]) : "");
          out.write(times ? "\t" + user.times()[p] : "");
          out.write("\n");
        }
      }
    }
  };

  private final String suffix;

  AtomicTable(String suffix) {
    this.suffix = suffix;
  }

  String suffix() {
    return suffix;
  }

  abstract void write(Dataset dataset, Writer out) throws IOException;

  /** Writes the table as UTF-8 and leaves the stream open. */
  void write(Dataset dataset, OutputStream out) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    write(dataset, writer);
    writer.flush();
  }

  static Dataset read(Path folder, String name, Map<String, String> provenance) throws IOException {
    for (AtomicTable table : values()) {
      Path file = folder.resolve(name + table.suffix);
      if (!Files.isRegularFile(file)) {
        throw new BadInputException(folder, "missing " + file.getFileName());
      }
    }
    List<Item> items = readItems(folder.resolve(name + ITEMS.suffix));
    Map<String, Map<String, String>> users = readUsers(folder.resolve(name + USERS.suffix));
    List<UserSequence> sequences =
        readSequences(folder.resolve(name + INTERACTIONS.suffix), items, users);
    return new Dataset(name, items, sequences, provenance);
  }

  private static List<Item> readItems(Path file) throws IOException {
    List<Item> items = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>();
    try (LineReader reader = new LineReader(file, StandardCharsets.UTF_8, "\t")) {
      TypedHeader header = TypedHeader.read(reader, "item_id", "title");
      for (List<String> cells = reader.next(); cells != null; cells = reader.next()) {
        reader.requireCells(cells, header.size());
        if (!keys.add(cells.get(0))) {
          throw reader.wrong("item " + cells.get(0) + " is given twice");
        }
        if (cells.get(1).isBlank()) {
          throw reader.wrong("item " + cells.get(0) + " has no title");
        }
        items.add(new Item(items.size(), cells.get(0), cells.get(1), header.rest(cells, 2)));
      }
    }
    return items;
  }

  private static Map<String, Map<String, String>> readUsers(Path file) throws IOException {
    Map<String, Map<String, String>> users = new LinkedHashMap<>();
    try (LineReader reader = new LineReader(file, StandardCharsets.UTF_8, "\t")) {
      TypedHeader header = TypedHeader.read(reader, "user_id");
      for (List<String> cells = reader.next(); cells != null; cells = reader.next()) {
        reader.requireCells(cells, header.size());
        if (users.putIfAbsent(cells.get(0), header.rest(cells, 1)) != null) {
          throw reader.wrong("user " + cells.get(0) + " is given twice");
        }
      }
    }
    return users;
  }

  private static List<UserSequence> readSequences(
      Path file, List<Item> items, Map<String, Map<String, String>> users) throws IOException {
    Map<String, Integer> itemIds = HashMap.newHashMap(items.size());
    items.forEach(i -> itemIds.put(i.key(), i.id()));
    try (LineReader reader = new LineReader(file, StandardCharsets.UTF_8, "\t")) {
      TypedHeader header = TypedHeader.read(reader, "user_id", "item_id");
      int rating = header.indexOf("rating");
      int time = header.indexOf("timestamp");
      InteractionLog log = new InteractionLog(rating >= 0, time >= 0);
      users.keySet().forEach(log::userId);
      for (List<String> cells = reader.next(); cells != null; cells = reader.next()) {
        reader.requireCells(cells, header.size());
        Integer item = itemIds.get(cells.get(1));
        if (item == null) {
          throw reader.wrong("unknown item " + cells.get(1));
        }
        if (!users.containsKey(cells.get(0))) {
          throw reader.wrong("unknown user " + cells.get(0));
        }
        log.add(
            cells.get(0),
            item,
            rating < 0 ? 0 : reader.number(cells.get(rating), "rating"),
            time < 0 ? 0 : reader.seconds(cells.get(time), "timestamp"));
      }
      return Sequences.of(log, users);
    }
  }

  private static String header(Set<String> attributes) {
    StringBuilder text = new StringBuilder();
    attributes.forEach(a -> text.append('\t').append(cell(a)).append(":token"));
    return text.toString();
  }

  private static void writeCells(Set<String> columns, Map<String, String> values, Writer out)
      throws IOException {
    for (String column : columns) {
      out.write("\t" + cell(values.getOrDefault(column, "")));
    }
    out.write("\n");
  }

  /** A cell cannot hold the characters that part cells and lines. */
  private static String cell(String text) {
    return text.indexOf('\t') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : text.replaceAll("[\\t\\r\\n]+", " ");
  }

  private static String number(float value) {
    return value == (int) value ? Integer.toString((int) value) : Float.toString(value);
  }
}
