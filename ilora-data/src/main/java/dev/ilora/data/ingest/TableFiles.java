package dev.ilora.data.ingest;

import dev.ilora.BadInputException;
import dev.ilora.data.Part;
import dev.ilora.data.ingest.Columns.Role;
import dev.ilora.data.records.CommentLine;
import dev.ilora.data.records.Table;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which files of a folder hold the interactions, and which the items.
 *
 * @param logs files of interactions, with their part where the source comes split
 * @param items the file of items, which a folder need not have
 * @param unused the other files of the folder
 */
record TableFiles(Map<Path, Optional<Part>> logs, Optional<Path> items, List<Path> unused) {
  private static final String INTERACTIONS = "interactions";
  private static final String ITEMS = "items";
  private static final int DOZEN = 12;

  /** A single file of interactions. */
  static TableFiles ofLog(Path file) {
    return new TableFiles(Map.of(file, Optional.empty()), Optional.empty(), List.of());
  }

  private static TableFiles of(Path folder, Map<Path, Optional<Part>> logs, Optional<Path> items)
      throws IOException {
    List<Path> unused = new ArrayList<>(matching(folder, "*"));
    unused.removeIf(file -> isHidden(file) || !Files.isRegularFile(file));
    unused.removeAll(logs.keySet());
    items.ifPresent(unused::remove);
    return new TableFiles(logs, items, unused);
  }

  private static boolean isHidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  /** RecBole's {@code *.inter}, whole or pre-split, and {@code *.item}. */
  static TableFiles atomic(Path folder) throws IOException {
    List<Path> logs = matching(folder, "*.inter");
    List<Path> items = matching(folder, "*.item");
    if (items.size() > 1) {
      throw new BadInputException(folder, "expected one file *.item, found " + names(items));
    }
    if (logs.size() == 1) {
      return of(folder, Map.of(logs.getFirst(), Optional.empty()), first(items));
    }
    Map<Path, Optional<Part>> parts = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      logs.stream()
          .filter(log -> log.getFileName().toString().endsWith("." + part.fileName() + ".inter"))
          .forEach(log -> parts.put(log, Optional.of(part)));
    }
    if (parts.size() != Part.values().length || logs.size() != parts.size()) {
      throw new BadInputException(
          folder,
          "expected one file *.inter, or one each of *.train.inter, *.valid.inter and *.test.inter;"
              + " found "
              + names(logs));
    }
    return of(folder, parts, first(items));
  }

  /**
   * The tables of a folder: {@code interactions} and {@code items} with any ending, or else the one
   * that has columns for users and items, and the one that has keys and titles.
   */
  static TableFiles find(Path folder, ImportOptions options) throws IOException {
    List<Path> tables = tables(folder);
    Optional<Path> named = named(folder, tables, INTERACTIONS);
    if (named.isPresent()) {
      return of(folder, Map.of(named.get(), Optional.empty()), named(folder, tables, ITEMS));
    }
    List<Path> logs = new ArrayList<>();
    List<Path> items = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (Path file : tables) {
      try (Table table = Table.open(file, options.text())) {
        columns.add(described(file, table.columns()));
        if (has(table, options, Role.USER) && has(table, options, Role.ITEM)) {
          logs.add(file);
        } else if (has(table, options, Role.KEY) && has(table, options, Role.TITLE)) {
          items.add(file);
        }
      }
    }
    requireOne(folder, columns, logs, options);
    if (items.size() > 1) {
      throw new BadInputException(
          folder,
          "several files could hold the items: %s; name one items.csv".formatted(names(items)));
    }
    return of(folder, Map.of(logs.getFirst(), Optional.empty()), first(items));
  }

  private static String described(Path file, List<String> columns) {
    String help = CommentLine.help(columns.getFirst());
    return "%s (%s%s)".formatted(file.getFileName(), ColumnFinder.shown(columns), help);
  }

  private static boolean has(Table table, ImportOptions options, Role role) {
    return new ColumnFinder(table, options.columns()).recognises(role);
  }

  private static void requireOne(
      Path folder, List<String> columns, List<Path> logs, ImportOptions options) {
    if (logs.size() > 1) {
      throw new BadInputException(
          folder,
          "several files have columns for users and items: %s; name one interactions.csv, or give the file itself"
              .formatted(names(logs)));
    }
    if (logs.isEmpty()) {
      throw new BadInputException(
          folder,
          "no file has columns for users and items%s; found: %s; name them with --columns user=COLUMN,item=COLUMN"
              .formatted(asNamed(options), firstDozen(columns)));
    }
  }

  /** The columns that the user named: one of them is in no file. */
  private static String asNamed(ImportOptions options) {
    Map<Role, String> named = options.columns().named();
    return named.isEmpty()
        ? ""
        : named.entrySet().stream()
            .map(e -> e.getKey().name().toLowerCase(Locale.ROOT) + "=" + e.getValue())
            .sorted()
            .collect(Collectors.joining(",", " as --columns ", " names them"));
  }

  private static Optional<Path> named(Path folder, List<Path> tables, String name) {
    List<Path> found =
        tables.stream().filter(t -> t.getFileName().toString().startsWith(name + ".")).toList();
    if (found.size() > 1) {
      throw new BadInputException(folder, "expected one file of these: " + names(found));
    }
    return first(found);
  }

  /** Files that may be tables, by name; hidden ones are left out. */
  static List<Path> tables(Path folder) throws IOException {
    return matching(folder, "*").stream()
        .filter(file -> Files.isRegularFile(file) && Table.isOne(file))
        .filter(file -> !isHidden(file))
        .toList();
  }

  /** Files that match a pattern, by name. */
  static List<Path> matching(Path folder, String pattern) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
      List<Path> paths = new ArrayList<>();
      found.forEach(paths::add);
      paths.sort(null);
      return paths;
    }
  }

  private static Optional<Path> first(List<Path> files) {
    return files.stream().findFirst();
  }

  /** The names of files, the first dozen. */
  static String names(List<Path> files) {
    return firstDozen(files.stream().map(p -> p.getFileName().toString()).toList());
  }

  private static String firstDozen(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(DOZEN, names.size())));
    return names.isEmpty() ? "nothing" : names.size() > DOZEN ? shown + ", ..." : shown;
  }
}
