package dev.ilora.runs;

import dev.ilora.runs.CaseFacts.CaseFact;
import dev.ilora.statistics.Outcome;
import dev.ilora.statistics.Outcomes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Facts of made-up cases. */
public final class MadeUpFacts {
  private MadeUpFacts() {}

  /** Facts that go through all history lengths, counts and three clusters in turn. */
  public static CaseFacts of(Outcomes outcomes) {
    List<CaseFact> facts = new ArrayList<>();
    for (Outcome row : outcomes.rows()) {
      facts.add(
          new CaseFact(
              row.row(), row.user(), 3 + row.row() % 8, row.row() % 20 * 5, 1 + row.row() % 3));
    }
    return new CaseFacts(
        new CaseFacts.About(outcomes.candidatesHash(), 10, Optional.of("SASRec")), facts);
  }
}
