package dev.ilora.recommend;

import java.util.Iterator;
import java.util.List;

/**
 * The answer to a request.
 *
 * @param choices the best candidates, best first, as many as were wanted or there are
 * @param explanation how it came about
 */
public record Ranking(List<Choice> choices, Explanation explanation) implements Iterable<Choice> {
  /** Copies the choices. */
  public Ranking {
    choices = List.copyOf(choices);
  }

  /** The recommended items, best first. */
  public List<CatalogueItem> items() {
    return choices.stream().map(Choice::item).toList();
  }

  @Override
  public Iterator<Choice> iterator() {
    return choices.iterator();
  }
}
