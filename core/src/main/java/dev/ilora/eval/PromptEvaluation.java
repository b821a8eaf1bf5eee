package dev.ilora.eval;

import dev.ilora.Progress;
import dev.ilora.data.CandidateRow;
import dev.ilora.data.Row;
import dev.ilora.model.CandidateScores;
import dev.ilora.model.PromptModel;
import dev.ilora.model.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Asks a prompt model every evaluation row. The scores of a batch give all three protocols: the
 * likelihood of every candidate, the candidate constrained decoding arrives at, and whether free
 * greedy decoding writes a candidate's title; where it does not, the text it does write is
 * generated.
 */
public final class PromptEvaluation {
  /** What decides the ranking of a row. */
  public enum Protocol {
    /** By exact log-likelihood: a full ranking. */
    LIKELIHOOD,
    /** The candidate of constrained decoding first, nothing known of the others. */
    CONSTRAINED,
    /** The candidate free decoding wrote first, nothing known of the others. */
    GENERATE;

    /** The name in files. */
    public String key() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final PromptModel model;
  private final List<String> titles;
  private final Protocol protocol;
  private final int batch;

  /**
   * @param titles title of each item id
   * @param batch rows asked at once
   */
  public PromptEvaluation(PromptModel model, List<String> titles, Protocol protocol, int batch) {
    this.model = model;
    this.titles = titles;
    this.protocol = protocol;
    this.batch = batch;
  }

  /**
   * Evaluates rows.
   *
   * @param candidates of the same rows in the same order
   * @return one result a row, in their order
   */
  public List<RowResult> run(
      List<Row> rows, List<CandidateRow> candidates, String what, Progress progress) {
    List<Query> queries = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      queries.add(
          new Query(rows.get(i).user(), rows.get(i).history(), candidates.get(i).candidates()));
      order.add(i);
    }
    // Rows of like length together waste little on padding.
    order.sort(Comparator.comparingInt(i -> model.prompt(queries.get(i)).length()));
    RowResult[] results = new RowResult[rows.size()];
    for (int from = 0; from < order.size(); from += batch) {
      List<Integer> part = order.subList(from, Math.min(order.size(), from + batch));
      List<Query> asked = part.stream().map(queries::get).toList();
      List<CandidateScores> scores = model.scores(asked);
      List<String> answers = answers(asked, scores);
      for (int j = 0; j < part.size(); j++) {
        results[part.get(j)] =
            result(rows.get(part.get(j)), asked.get(j), scores.get(j), answers.get(j));
      }
      progress.update(what, from + part.size(), order.size(), "");
    }
    return List.of(results);
  }

  /** The text free greedy decoding writes for each query. */
  private List<String> answers(List<Query> queries, List<CandidateScores> scores) {
    List<Query> open = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      if (scores.get(i).greedy() < 0) {
        open.add(queries.get(i));
      }
    }
    List<String> generated = open.isEmpty() ? List.of() : model.generate(open);
    List<String> answers = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < queries.size(); i++) {
      int greedy = scores.get(i).greedy();
      answers.add(
          greedy < 0 ? generated.get(next++) : titles.get(queries.get(i).candidates()[greedy]));
    }
    return answers;
  }

  private RowResult result(Row row, Query query, CandidateScores scores, String text) {
    int[] candidates = query.candidates();
    Answer answer = Answer.of(text, candidates, titles::get);
    return switch (protocol) {
      case LIKELIHOOD ->
          RowResult.scored(row.index(), row.user(), row.next(), candidates, scores.logLikelihoods())
              .withAnswer(answer);
      case CONSTRAINED -> {
        int chosen = candidates[scores.constrained()];
        int rank = chosen == row.next() ? 1 : RowResult.UNRANKED;
        yield new RowResult(row.index(), row.user(), row.next(), candidates, null, rank, answer);
      }
      case GENERATE -> RowResult.answered(row.index(), row.user(), row.next(), candidates, answer);
    };
  }
}
