package dev.ilora.data.ingest;

import static java.util.stream.Collectors.joining;

import dev.ilora.BadInputException;
import dev.ilora.data.ingest.Columns.Role;
import dev.ilora.data.records.CommentLine;
import dev.ilora.data.records.Table;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds the columns of a table by role: those the user named, else those whose names are usual.
 * Names are compared without regard to case, accents and signs: {@code user_id}, {@code userId} and
 * {@code User ID} are the same.
 */
final class ColumnFinder {
  private static final Pattern SIGNS = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");
  private static final Pattern SEPARATORS = Pattern.compile("[\\^~:/*#!&@%$\\u00A6\\u001F ]");
  private static final Pattern INDEX =
      Pattern.compile("|Unnamed: ?\\d+(\\.\\d+)?|level_\\d+|__index_level_\\d+__");

  private final Table table;
  private final Columns asked;
  private final Map<Role, Integer> found = new EnumMap<>(Role.class);
  private final Set<Integer> used = new HashSet<>();

  ColumnFinder(Table table, Columns asked) {
    this.table = table;
    this.asked = asked;
  }

  /** A name without case, accents and signs. */
  static String plain(String name) {
    String apart = Normalizer.normalize(name, Normalizer.Form.NFKD);
    String letters = ACCENTS.matcher(apart).replaceAll("");
    return SIGNS.matcher(letters).replaceAll("").toLowerCase(Locale.ROOT);
  }

  /**
   * The index of a role's column.
   *
   * @throws BadInputException if there is none, or several could be meant
   */
  int required(Role role) {
    int index = optional(role);
    if (index < 0) {
      throw missing(Map.of(role, "a column for the " + role.label()));
    }
    return index;
  }

  /**
   * The index of a role's column, or -1 if there is none.
   *
   * @throws BadInputException if the user named one that is not there, or several could be meant
   */
  int optional(Role role) {
    String name = asked.named().get(role);
    int index = name == null ? recognised(role) : named(role, name);
    if (index >= 0) {
      if (role != Role.CATEGORIES) {
        table.requirePlain(index);
      }
      found.put(role, index);
      used.add(index);
    }
    return index;
  }

  /** The index of the column of exactly that name, or -1; it counts as used. */
  int exact(String name) {
    int index = table.columns().indexOf(name);
    if (index >= 0) {
      table.requirePlain(index);
      used.add(index);
    }
    return index;
  }

  /** Whether the table has a column for a role. */
  boolean recognises(Role role) {
    String name = asked.named().get(role);
    return name == null
        ? names(role).stream().anyMatch(usual -> !like(usual).isEmpty())
        : !like(plain(name)).isEmpty();
  }

  /** Whether the user says which column a role has, or that it has none. */
  boolean isNamed(Role role) {
    return asked.named().containsKey(role);
  }

  /**
   * Refuses all columns at once that are named and not there, or needed and not recognised.
   *
   * @param needed roles that must have a column
   * @param other roles that may have one
   */
  void require(List<Role> needed, List<Role> other) {
    Map<Role, String> missing = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      String name = asked.named().getOrDefault(role, "");
      boolean wanted = needed.contains(role) || other.contains(role) && !name.isEmpty();
      if (wanted && !recognises(role)) {
        missing.put(
            role, name.isEmpty() ? "a column for the " + role.label() : "column '" + name + "'");
      }
    }
    if (!missing.isEmpty()) {
      throw missing(missing);
    }
  }

  private int named(Role role, String name) {
    if (name.isEmpty()) {
      return -1;
    }
    int exact = table.columns().indexOf(name);
    if (exact >= 0) {
      return exact;
    }
    List<Integer> same = like(plain(name));
    if (same.isEmpty()) {
      throw missing(Map.of(role, "column '" + name + "'"));
    }
    return only(role, same);
  }

  private int recognised(Role role) {
    for (String name : names(role)) {
      List<Integer> same = like(name);
      same.removeAll(used);
      if (!same.isEmpty()) {
        return only(role, same);
      }
    }
    return -1;
  }

  /** In a table of items, the item is the key. */
  private static List<String> names(Role role) {
    if (role != Role.KEY) {
      return role.names();
    }
    List<String> names = new ArrayList<>(Role.ITEM.names());
    names.addAll(Role.KEY.names());
    return names;
  }

  private List<Integer> like(String plain) {
    return IntStream.range(0, table.columns().size())
        .filter(c -> plain(table.columns().get(c)).equals(plain))
        .boxed()
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private int only(Role role, List<Integer> columns) {
    if (columns.size() > 1) {
      String names = columns.stream().map(c -> table.columns().get(c)).collect(joining(", "));
      throw new BadInputException(
          table.file(),
          1,
          "several columns could be the %s: %s; name one with --columns %s=COLUMN"
              .formatted(role.label(), names, role.label()));
    }
    return columns.getFirst();
  }

  private BadInputException missing(Map<Role, String> what) {
    String options =
        what.keySet().stream().map(role -> role.label() + "=COLUMN").collect(joining(","));
    return new BadInputException(
        table.file(),
        1,
        "missing %s; found: %s; name %s with --columns %s%s"
            .formatted(
                String.join(" and ", what.values()),
                shown(table.columns()),
                what.size() == 1 ? "it" : "them",
                options,
                help()));
  }

  /** The names of columns that have one. */
  static String shown(List<String> columns) {
    return columns.stream().filter(name -> !name.isEmpty()).collect(joining(", "));
  }

  private String help() {
    String comment = CommentLine.help(table.columns().getFirst());
    return comment.isEmpty() ? separatorHelp() : comment;
  }

  private String separatorHelp() {
    String only = table.columns().size() == 1 ? table.columns().getFirst() : "";
    if (only.contains("::")) {
      return "; the header is one cell: write one character in place of '::'";
    }
    Matcher sign = SEPARATORS.matcher(only);
    return sign.find()
        ? "; the header is one cell: --separator '%s' parts it".formatted(sign.group())
        : "";
  }

  /** The columns that have no role and no other use: those without a name are left out. */
  int[] others() {
    return IntStream.range(0, table.columns().size())
        .filter(c -> !used.contains(c) && !isIndex(table.columns().get(c)))
        .toArray();
  }

  private static boolean isIndex(String name) {
    return INDEX.matcher(name).matches();
  }

  /**
   * Columns that could have the role of a column that is used, which was recognised by its name:
   * {@code user_id (user)}; blank if there are none.
   */
  String alternatives() {
    return IntStream.of(others())
        .boxed()
        .flatMap(
            c ->
                found.keySet().stream()
                    .filter(role -> !isNamed(role))
                    .filter(role -> names(role).contains(plain(table.columns().get(c))))
                    .map(role -> "%s (%s)".formatted(table.columns().get(c), role.label())))
        .collect(joining(", "));
  }

  /**
   * What was recognised, for the user: {@code user=userId, item=movieId; not used: page}.
   *
   * @param rest what becomes of the other columns
   */
  String description(String rest) {
    String roles =
        found.entrySet().stream()
            .map(e -> e.getKey().label() + "=" + table.columns().get(e.getValue()))
            .collect(joining(", "));
    String others =
        IntStream.of(others()).mapToObj(c -> table.columns().get(c)).collect(joining(", "));
    String unused = others.isEmpty() ? "" : "; " + rest + ": " + others;
    String index =
        table.columns().stream().anyMatch(ColumnFinder::isIndex)
            ? "; left out: a column of row numbers"
            : "";
    return table.file().getFileName() + ": " + roles + unused + index;
  }
}
