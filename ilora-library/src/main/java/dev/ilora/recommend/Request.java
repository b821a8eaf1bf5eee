package dev.ilora.recommend;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A question: what does this user choose next? Made by {@link #history} and refined:
 *
 * <pre>{@code
 * Request.history(alien, aliens).among(offered).excluding(List.of(seen)).top(5)
 * }</pre>
 *
 * @param user the user's key, where known; it matters only to models whose gate looks at random
 *     vectors (an ablation)
 * @param history what the user chose, oldest first; only the latest count, as many as the model
 *     reads
 * @param candidates items to rank; empty for the whole catalogue. Their order plays no part
 * @param excluded items not to recommend, beside those of the history
 * @param top number of items wanted; fewer come where there are fewer candidates
 */
public record Request(
    String user,
    List<CatalogueItem> history,
    Set<CatalogueItem> candidates,
    Set<CatalogueItem> excluded,
    int top) {
  private static final String NOBODY = "nobody";
  private static final int USUAL_TOP = 10;

  /** Copies; refuses a number of items below 1. */
  public Request {
    if (top < 1) {
      throw new IllegalArgumentException(
          "the number of items wanted must be at least 1, not " + top);
    }
    history = List.copyOf(history);
    candidates = Set.copyOf(candidates);
    excluded = Set.copyOf(excluded);
  }

  /** A request for the 10 best items after a history, oldest item first. */
  public static Request history(CatalogueItem... items) {
    return history(List.of(items));
  }

  /** A request for the 10 best items after a history, oldest item first. */
  public static Request history(List<CatalogueItem> items) {
    return new Request(NOBODY, items, Set.of(), Set.of(), USUAL_TOP);
  }

  /** The same for a known user. */
  public Request user(String key) {
    return new Request(key, history, candidates, excluded, top);
  }

  /**
   * The same with these items to rank.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Request among(Iterable<CatalogueItem> items) {
    Set<CatalogueItem> offered = set(items);
    if (offered.isEmpty()) {
      throw new IllegalArgumentException("there are no candidates; expected at least one item");
    }
    return new Request(user, history, offered, excluded, top);
  }

  /** The same without these items, and without those already excluded. */
  public Request excluding(Iterable<CatalogueItem> items) {
    Set<CatalogueItem> all = new LinkedHashSet<>(excluded);
    items.forEach(all::add);
    return new Request(user, history, candidates, all, top);
  }

  /** The same with another number of items wanted. */
  public Request top(int count) {
    return new Request(user, history, candidates, excluded, count);
  }

  private static Set<CatalogueItem> set(Iterable<CatalogueItem> items) {
    Set<CatalogueItem> set = new LinkedHashSet<>();
    items.forEach(set::add);
    return set;
  }
}
