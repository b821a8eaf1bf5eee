package dev.ilora.data.records;

import dev.ilora.Counted;
import dev.ilora.Printable;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Keys that look alike and are not the same: they differ in invisible characters, in blanks, or in
 * how accents are written. They are kept apart, because only their owner knows whether they are
 * one. Upper and lower case are told apart by eye, and keys drawn at random often differ in nothing
 * else.
 */
final class LookAlikes {
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\u034F\\uFE00-\\uFE0F]+");
  private static final Pattern BLANK = Pattern.compile("\\p{Z}");

  private final KeyIndex keys;
  // How many keys become another text, and the first of them, by that text.
  private final Map<String, Group> changed = new LinkedHashMap<>();

  /** Keys that become the same text. */
  private record Group(int first, int second, int count) {
    Group(int first) {
      this(first, -1, 1);
    }

    Group and(Group other) {
      return new Group(first, second < 0 ? other.first : second, count + 1);
    }
  }

  private LookAlikes(KeyIndex keys) {
    this.keys = keys;
    for (int id = 0; id < keys.size(); id++) {
      Slice key = keys.slice(id);
      if (!isPlain(key)) {
        String plain = plain(key.toString());
        if (CharSequence.compare(plain, key) != 0) {
          changed.merge(plain, new Group(id), Group::and);
        }
      }
    }
  }

  /** The remark on keys that look alike, if there are any. */
  static Optional<String> remark(KeyIndex keys) {
    return new LookAlikes(keys).remark();
  }

  /** Most keys are plain, which a glance at their characters shows without a string for each. */
  private static boolean isPlain(Slice key) {
    boolean ascii = true;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c > '~' && mayHide(c)) {
        return false;
      }
      ascii &= c <= '~';
    }
    return ascii || Normalizer.isNormalized(key, Normalizer.Form.NFC);
  }

  private static boolean mayHide(char c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private static String plain(String key) {
    String visible = INVISIBLE.matcher(key).replaceAll("");
    String spaced = BLANK.matcher(visible).replaceAll(" ").strip();
    return Normalizer.normalize(spaced, Normalizer.Form.NFC);
  }

  private Optional<String> remark() {
    long count = 0;
    String example = "";
    for (Map.Entry<String, Group> entry : changed.entrySet()) {
      Group group = entry.getValue();
      int plain = keys.find(Slice.of(entry.getKey()));
      int all = group.count + (plain < 0 ? 0 : 1);
      if (all > 1) {
        count += all;
        int other = plain < 0 ? group.second : plain;
        example = example.isEmpty() ? example(keys.key(group.first), keys.key(other)) : example;
      }
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(
            "%s look like another one and are kept apart, such as %s"
                .formatted(Counted.of(count, "key"), example));
  }

  private static String example(String one, String other) {
    int same = 0;
    while (same < Math.min(one.length(), other.length())
        && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    int end = 0;
    while (end < Math.min(one.length(), other.length()) - same
        && one.charAt(one.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
      end++;
    }
    return "'%s' and '%s' (%s in place of %s)"
        .formatted(
            Printable.text(one),
            Printable.text(other),
            points(one.substring(same, one.length() - end)),
            points(other.substring(same, other.length() - end)));
  }

  private static String points(String text) {
    return text.isEmpty()
        ? "nothing"
        : text.codePoints()
            .mapToObj(point -> String.format(Locale.ROOT, "U+%04X", point))
            .collect(Collectors.joining(" "));
  }
}
