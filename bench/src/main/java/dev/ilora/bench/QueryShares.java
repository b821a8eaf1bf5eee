package dev.ilora.bench;

import dev.ilora.data.Case;
import dev.ilora.machine.Workers;
import dev.ilora.tensor.Torch;
import java.util.List;
import java.util.function.Consumer;

/**
 * Queries that threads share, as in an evaluation: each takes some, one operation on one thread.
 */
final class QueryShares {
  private QueryShares() {}

  static void run(List<Case> cases, Consumer<List<Case>> work) {
    int threads = Math.min(cases.size(), Torch.threads());
    List<List<Case>> shares = Workers.deal(cases, threads);
    Workers.sum(
        threads,
        worker -> {
          work.accept(shares.get(worker));
          return 0;
        });
  }
}
