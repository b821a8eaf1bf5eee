package dev.ilora.results;

import dev.ilora.eval.Predictions;
import dev.ilora.eval.RowResult;
import dev.ilora.results.RowFacts.RowFact;
import java.util.ArrayList;
import java.util.List;

/** Facts of made-up rows. */
public final class MadeUpFacts {
  private MadeUpFacts() {}

  /** Facts that go through all history lengths, counts and three clusters in turn. */
  public static RowFacts of(Predictions predictions) {
    List<RowFact> facts = new ArrayList<>();
    for (RowResult row : predictions.rows()) {
      facts.add(
          new RowFact(
              row.row(), row.user(), 3 + row.row() % 8, row.row() % 20 * 5, 1 + row.row() % 3));
    }
    return new RowFacts(predictions.candidatesHash(), 10, "SASRec", facts);
  }
}
