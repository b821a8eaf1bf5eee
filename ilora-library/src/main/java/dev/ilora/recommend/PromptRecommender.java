package dev.ilora.recommend;

import dev.ilora.data.Case;
import dev.ilora.evaluate.PromptRanker;
import dev.ilora.evaluate.Protocol;
import dev.ilora.evaluate.Reply;
import dev.ilora.evaluate.ScoreRanker;
import dev.ilora.hybrid.ExpertMeans;
import dev.ilora.hybrid.LikelihoodForm;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.prompt.Prompt;
import dev.ilora.recommender.ItemScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Recommends by a language model's likelihoods of titles. It is given at most as many candidates as
 * in its training; of more, the recommender that guides it makes a shortlist, and popularity where
 * none does.
 */
final class PromptRecommender implements Recommender {
  private static final int BATCH = 16;

  private final OpenModel opened;
  private final ItemScorer shortlister;
  private final Turns turns = new Turns();
  private final Catalogue catalogue;
  private final ModelCard card;
  private final PromptRanker ranker;
  private final String scoreKind;

  /**
   * @param opened the language model with what is joined to it; closed with the recommender
   * @param likelihood what of the likelihood ranks
   * @param shortlister ranks long lists first; the model's own guide, or closed with the
   *     recommender
   */
  PromptRecommender(
      OpenModel opened,
      LikelihoodForm likelihood,
      ItemScorer shortlister,
      Catalogue catalogue,
      ModelCard card) {
    scoreKind = likelihood.title();
    this.opened = opened;
    this.shortlister = shortlister;
    this.catalogue = catalogue;
    this.card = card;
    ranker =
        new PromptRanker(
            opened.model(), catalogue.titles(), new Protocol.Likelihood(likelihood), BATCH);
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
    List<Asked> asked = Asked.of(requests, catalogue, card.limits().history());
    return turns.take(() -> answer(shortened(asked), asked));
  }

  /** The requests with lists as long as the model was trained on. */
  private List<Asked> shortened(List<Asked> asked) {
    int most = card.limits().candidates();
    List<Asked> longer = asked.stream().filter(one -> one.candidates().length > most).toList();
    List<Reply> replies =
        new ScoreRanker(shortlister).rank(longer.stream().map(Asked::toCase).toList(), _ -> {});
    List<Asked> shortened = new ArrayList<>(asked.size());
    int next = 0;
    for (Asked one : asked) {
      shortened.add(
          one.candidates().length > most
              ? one.shortlist(catalogue, shortlister.name(), replies.get(next++).scores(), most)
              : one);
    }
    return shortened;
  }

  private List<Ranking> answer(List<Asked> shortened, List<Asked> asked) {
    PromptModel model = opened.model();
    List<Case> cases = shortened.stream().map(Asked::toCase).toList();
    List<double[]> scores = ranker.scores(cases);
    List<double[]> weights = ExpertMeans.of(model, cases);
    List<Ranking> rankings = new ArrayList<>(cases.size());
    for (int i = 0; i < cases.size(); i++) {
      Asked one = shortened.get(i);
      boolean cut = one.candidates().length < asked.get(i).candidates().length;
      Prompt prompt = model.prompt(cases.get(i));
      Explanation explanation =
          new Explanation(
              scoreKind,
              one.candidates().length,
              cut ? Optional.of(shortlister.name()) : Optional.empty(),
              one.history().length,
              prompt.titlesTruncated() + prompt.titlesDropped(),
              DoubleStream.of(weights.get(i)).boxed().toList());
      rankings.add(
          one.answer(catalogue, card.name(), scores.get(i), Asked.Shares.SOFTMAX, explanation));
    }
    return rankings;
  }

  @Override
  public void close() {
    turns.close(this::free);
  }

  @SuppressWarnings("ReferenceEquality") // the guide may be the shortlister itself
  private void free() {
    if (opened.model().guide().filter(guide -> guide == shortlister).isEmpty()) {
      shortlister.close();
    }
    opened.close();
  }
}
