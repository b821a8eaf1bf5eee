package dev.ilora.recommend;

import dev.ilora.data.Case;
import dev.ilora.evaluate.Reply;
import dev.ilora.evaluate.ScoreRanker;
import dev.ilora.recommender.ItemScorer;
import dev.ilora.recommender.Popularity;
import dev.ilora.recommender.SequenceRecommender;
import java.util.ArrayList;
import java.util.List;

/** Recommends by the scores of Popularity or a sequence recommender. */
final class ScoringRecommender implements Recommender {
  private final ItemScorer scorer;
  private final Turns turns = new Turns();
  private final Catalogue catalogue;
  private final ModelCard card;

  ScoringRecommender(ItemScorer scorer, Catalogue catalogue, ModelCard card) {
    if (scorer.itemCount() != catalogue.size()) {
      throw new IllegalArgumentException(
          "%s scores %s items, the catalogue has %s"
              .formatted(scorer.name(), scorer.itemCount(), catalogue.size()));
    }
    this.scorer = scorer;
    this.catalogue = catalogue;
    this.card = card;
  }

  @Override
  public Catalogue catalogue() {
    return catalogue;
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public List<Ranking> recommend(List<Request> requests) {
    List<Asked> asked = Asked.of(requests, catalogue, scorer.historyLength());
    List<Case> cases = asked.stream().map(Asked::toCase).toList();
    List<Reply> replies = turns.take(() -> new ScoreRanker(scorer).rank(cases, _ -> {}));
    List<Ranking> rankings = new ArrayList<>(requests.size());
    for (int i = 0; i < replies.size(); i++) {
      Asked one = asked.get(i);
      double[] scores = replies.get(i).scores();
      rankings.add(
          switch (scorer) {
            case Popularity _ ->
                one.answer(
                    catalogue,
                    scorer.name(),
                    scores,
                    Asked.Shares.PROPORTION,
                    one.explanation("count"));
            case SequenceRecommender _ ->
                one.answer(
                    catalogue,
                    scorer.name(),
                    scores,
                    Asked.Shares.SOFTMAX,
                    one.explanation("logit"));
          });
    }
    return rankings;
  }

  @Override
  public void close() {
    turns.close(scorer::close);
  }
}
