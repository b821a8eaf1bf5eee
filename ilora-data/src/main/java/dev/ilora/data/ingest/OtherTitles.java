package dev.ilora.data.ingest;

import dev.ilora.Counted;
import dev.ilora.Printable;
import dev.ilora.data.Item;
import dev.ilora.data.records.ItemTable;
import dev.ilora.data.records.Slice;
import dev.ilora.data.records.Table;
import java.util.Optional;

/** Interactions that name another title than the first one of their item, which stands. */
final class OtherTitles {
  private long count;
  private String first = "";

  /** Looks at the title of an interaction. */
  void see(Table table, Item item, Slice title) {
    Slice text = title.strip();
    if (text.isEmpty() || CharSequence.compare(item.title(), text) == 0) {
      return;
    }
    String clean = ItemTable.cleanTitle(text.toString());
    if (!clean.equals(item.title())) {
      first =
          count == 0
              ? "'%s' (line %s) for item %s, whose title is '%s'"
                  .formatted(Printable.text(clean), table.line(), item.key(), item.title())
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
                .formatted(
                    Counted.of(count, "interaction") + (count == 1 ? " has" : " have"), first));
  }
}
