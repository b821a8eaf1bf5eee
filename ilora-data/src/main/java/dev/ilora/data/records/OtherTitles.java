package dev.ilora.data.records;

import dev.ilora.Counted;
import dev.ilora.Printable;
import dev.ilora.data.Item;
import java.util.Optional;

/** Records that name another title than the first one of their item, which stands. */
final class OtherTitles {
  private long count;
  private String first = "";

  /** Looks at the title of a later record of an item. */
  void see(long line, Item item, CharSequence title) {
    if (CharSequence.compare(item.title(), title) == 0) {
      return;
    }
    String clean = ItemTable.cleanTitle(title.toString());
    if (!clean.isEmpty() && !clean.equals(item.title())) {
      first =
          count == 0
              ? "'%s' (line %s) for item %s, whose title is '%s'"
                  .formatted(Printable.text(clean), line, item.key(), item.title())
              : first;
      count++;
    }
  }

  /** The remark on them, if there are any. */
  Optional<String> remark() {
    return count == 0
        ? Optional.empty()
        : Optional.of(
            "%s another title than the first one of their item, which stands; the first: %s"
                .formatted(Counted.of(count, "line") + (count == 1 ? " has" : " have"), first));
  }
}
