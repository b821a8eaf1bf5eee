package dev.ilora.data.records;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The mistakes of a file: the first ones are kept, all are counted. */
final class Mistakes {
  private static final int KEPT = 20;

  private final List<BadInputException> first = new ArrayList<>();
  private long count;

  /** Does something with a record and keeps its mistake, if it has one. */
  void collect(RecordSource.Action action) throws IOException {
    try {
      action.use();
    } catch (BadInputException mistake) {
      count++;
      if (first.size() < KEPT) {
        first.add(mistake);
      }
    }
  }

  /** Throws the mistakes, if there are any. */
  void throwAny() {
    if (count > 0) {
      throw BadInputException.all(first, count);
    }
  }

  /**
   * The mistakes, with the one after which the file cannot be read. Those of the same or a later
   * line are left out, because they only follow from it.
   */
  BadInputException endingWith(BadInputException unreadable) {
    boolean placed = unreadable.line() > 0;
    List<BadInputException> all = new ArrayList<>(first);
    all.removeIf(mistake -> placed && mistake.line() >= unreadable.line());
    count -= first.size() - all.size();
    all.add(unreadable);
    return BadInputException.all(all, count + 1);
  }
}
