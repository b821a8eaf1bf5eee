package dev.ilora.evaluate;

import dev.ilora.data.Case;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A model that answers cases by one protocol: what evaluation and recommendation need of every
 * method. Implementations may be used by several threads at the same time unless they say
 * otherwise.
 */
public interface Ranker {
  /** What decides the ranking. */
  Protocol protocol();

  /** What messages call it. */
  default String name() {
    return "the model";
  }

  /**
   * Answers cases. A reply does not depend on the other cases.
   *
   * @param cases with candidates; targets are not looked at
   * @param done called with the number of cases answered so far, in order, from any thread
   * @return a reply for each case, in their order
   */
  List<Reply> rank(List<Case> cases, IntConsumer done);
}
