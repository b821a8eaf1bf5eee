package dev.ilora.data.ingest;

import dev.ilora.data.Part;
import dev.ilora.data.UserSequence;
import dev.ilora.data.ingest.Columns.Role;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.RecordSource;
import dev.ilora.data.records.Slice;
import dev.ilora.data.records.Table;
import dev.ilora.data.records.TimeColumn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Tables of interactions and of items: CSV, JSON lines, Parquet and RecBole atomic files. Where
 * there are no items, those of the interactions are the catalogue.
 */
final class TableReader {
  private static final String CATEGORIES = "categories";
  private static final String RATING_HELP = "; --columns rating= leaves the column out";
  private static final String TIME_HELP = "; --columns time= leaves the column out";

  private final TableFiles files;
  private final ImportOptions options;
  private final Map<String, String> notes = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> users = new HashMap<>();
  private final ItemTable catalogue;
  private boolean titled;
  private InteractionSink sink;
  private RecordSource last;
  private Optional<TimeColumn> times = Optional.empty();

  private TableReader(TableFiles files, ImportOptions options) {
    this.files = files;
    this.options = options;
    this.catalogue = options.newCatalogue();
  }

  static RawData read(TableFiles files, ImportOptions options) throws IOException {
    TableReader reader = new TableReader(files, options);
    if (files.items().isPresent()) {
      reader.readItems(files.items().get());
    }
    for (Map.Entry<Path, Optional<Part>> log : files.logs().entrySet()) {
      reader.readLog(log.getKey(), log.getValue());
    }
    reader.noteTitlesAndFiles();
    return reader.sink.finish(reader.last).with(reader.users, reader.notes);
  }

  private void noteTitlesAndFiles() {
    if (!titled && !"".equals(options.columns().named().get(Role.TITLE))) {
      notes.put(
          "titles",
          "none found, the keys stand for them; --columns title=COLUMN names their column");
    }
    if (!files.unused().isEmpty()) {
      notes.put("unused_files", TableFiles.names(files.unused()));
    }
  }

  private void readItems(Path file) throws IOException {
    try (Table table = Table.open(file, options.text())) {
      ColumnFinder columns = new ColumnFinder(table, options.columns());
      columns.require(List.of(Role.KEY), List.of(Role.TITLE, Role.CATEGORIES));
      int key = columns.required(Role.KEY);
      int title = columns.optional(Role.TITLE);
      int categories = columns.optional(Role.CATEGORIES);
      titled |= title >= 0;
      int[] others = columns.others();
      String[] names =
          IntStream.of(others)
              .mapToObj(c -> table.columns().get(c).replace(':', '_'))
              .toArray(String[]::new);
      table.each(
          () -> {
            table.requireCells();
            Map<String, String> attributes = new LinkedHashMap<>();
            for (int c = 0; c < others.length; c++) {
              put(attributes, names[c], table.text(others[c]));
            }
            if (categories >= 0) {
              put(attributes, CATEGORIES, table.text(categories));
            }
            String item = table.key(key).toString();
            table.add(catalogue, item, title < 0 ? item : table.text(title), attributes);
          });
      notes.put("items", columns.description("kept as attributes"));
      noteAlternatives("item_alternatives", columns);
    }
  }

  private static void put(Map<String, String> attributes, String name, String text) {
    if (!text.isBlank()) {
      attributes.put(name, text.strip());
    }
  }

  private void readLog(Path file, Optional<Part> part) throws IOException {
    try (Table table = Table.open(file, options.text())) {
      ColumnFinder columns = new ColumnFinder(table, options.columns());
      LogColumns log = LogColumns.of(columns, files.items().isEmpty());
      titled |= log.title() >= 0;
      if (sink == null) {
        times =
            log.time() < 0
                ? Optional.empty()
                : Optional.of(options.newTimes(table.columns().get(log.time()), TIME_HELP));
        sink = new InteractionSink(catalogue, log.rating() >= 0, times, options);
      }
      boolean[] looked = new boolean[1];
      table.each(
          () -> {
            table.requireCells();
            if (!looked[0]) {
              looked[0] = true;
              notes.putAll(UnusedTimes.remark(table, columns, log));
            }
            add(table, log, part);
          });
      notes.put("interactions", columns.description("not used"));
      noteAlternatives("interaction_alternatives", columns);
      last = table;
    }
  }

  private void noteAlternatives(String note, ColumnFinder columns) {
    if (!columns.alternatives().isEmpty()) {
      notes.put(note, columns.alternatives());
    }
  }

  private void add(Table table, LogColumns log, Optional<Part> given) {
    table.key(log.user());
    Slice item = table.key(log.item());
    if (files.items().isEmpty()) {
      addItem(table, item.strip(), log.title());
    }
    float rating =
        log.rating() < 0
            ? 0
            : table.number(
                table.cell(log.rating()), table.columns().get(log.rating()), RATING_HELP);
    long time = log.time() < 0 ? 0 : times.orElseThrow().read(table, table.cell(log.time()));
    Optional<Part> part = log.split() < 0 ? given : Optional.of(part(table, log.split()));
    if (log.history() >= 0) {
      addRow(table, log, part.orElse(Part.TRAIN));
    } else {
      sink.add(table, table.cell(log.user()), item, rating, time, part);
    }
  }

  private void addItem(Table table, Slice key, int title) {
    int known = catalogue.id(key);
    if (known >= 0 && title >= 0) {
      catalogue.seeTitle(known, table.cell(title).strip(), table.line());
    } else if (known < 0 && !key.isEmpty()) {
      String text = key.toString();
      String named = title < 0 ? text : table.text(title);
      table.add(catalogue, text, named.isBlank() ? text : named, Map.of());
    }
  }

  private static Part part(Table table, int column) {
    try {
      return PartColumn.parse(table.text(column));
    } catch (IllegalArgumentException e) {
      throw table.wrong("column '%s': %s".formatted(table.columns().get(column), e.getMessage()));
    }
  }

  /** A line that is a whole case: a history and the one item that is its target. */
  private void addRow(Table table, LogColumns log, Part part) {
    String user =
        "%s-%s-%s".formatted(table.text(log.user()).strip(), part.fileName(), table.line() - 1);
    users.put(
        user,
        Map.of(
            UserSequence.SPLIT, part.fileName(), UserSequence.TARGETS, UserSequence.LAST_TARGET));
    Slice key = Slice.of(user);
    for (String item : table.text(log.history()).split(" ")) {
      if (!item.isEmpty()) {
        Slice shown = Slice.of(item);
        if (files.items().isEmpty()) {
          addItem(table, shown, -1);
        }
        sink.add(table, key, shown, 0, 0);
      }
    }
    sink.add(table, key, table.cell(log.item()), 0, 0);
  }

  /** The columns of a table of interactions; -1 where there is none. */
  record LogColumns(int user, int item, int rating, int time, int split, int title, int history) {
    private static final String HISTORY = "item_id_list";

    static LogColumns of(ColumnFinder columns, boolean isCatalogue) {
      List<Role> optional = new ArrayList<>(List.of(Role.RATING, Role.TIME, Role.SPLIT));
      if (isCatalogue) {
        optional.add(Role.TITLE);
      }
      columns.require(List.of(Role.USER, Role.ITEM), optional);
      int history = columns.exact(HISTORY);
      return new LogColumns(
          columns.required(Role.USER),
          columns.required(Role.ITEM),
          history < 0 ? columns.optional(Role.RATING) : -1,
          history < 0 ? columns.optional(Role.TIME) : -1,
          columns.optional(Role.SPLIT),
          isCatalogue ? columns.optional(Role.TITLE) : -1,
          history);
    }
  }
}
