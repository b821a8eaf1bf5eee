package dev.ilora.bench;

import dev.ilora.hybrid.Query;
import dev.ilora.machine.Workers;
import dev.ilora.tensor.Torch;
import java.util.List;
import java.util.function.Consumer;

/**
 * Queries that threads share, as in an evaluation: each takes some, one operation on one thread.
 */
final class QueryShares {
  private QueryShares() {}

  static void run(List<Query> queries, Consumer<List<Query>> work) {
    int threads = Math.min(queries.size(), Torch.threads());
    List<List<Query>> shares = Workers.deal(queries, threads);
    Workers.sum(
        threads,
        worker -> {
          work.accept(shares.get(worker));
          return 0;
        });
  }
}
