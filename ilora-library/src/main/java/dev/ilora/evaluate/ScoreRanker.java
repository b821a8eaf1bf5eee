package dev.ilora.evaluate;

import dev.ilora.data.Case;
import dev.ilora.recommender.ItemScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Ranks candidates by a recommender's scores.
 *
 * @param scorer scores all items; stays the caller's
 */
public record ScoreRanker(ItemScorer scorer) implements Ranker {
  @Override
  public Protocol protocol() {
    return new Protocol.Scores();
  }

  @Override
  public String name() {
    return scorer.name();
  }

  @Override
  public List<Reply> rank(List<Case> cases, IntConsumer done) {
    float[][] scores =
        scorer.candidateScores(
            cases.stream().map(Case::history).toList(),
            cases.stream().map(Case::candidates).toList());
    List<Reply> replies = new ArrayList<>(cases.size());
    for (float[] own : scores) {
      double[] exact = IntStream.range(0, own.length).mapToDouble(i -> own[i]).toArray();
      replies.add(Reply.scored(exact, Optional.empty()));
    }
    done.accept(cases.size());
    return replies;
  }
}
