package dev.ilora.eval;

import dev.ilora.Progress;
import dev.ilora.data.CandidateRow;
import dev.ilora.data.Row;
import dev.ilora.model.CandidateScores;
import dev.ilora.model.PromptModel;
import dev.ilora.model.Query;
import dev.ilora.text.Prompt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Asks a prompt model every evaluation row what its protocol needs: the likelihood of every
 * candidate and what free greedy decoding writes, the candidate constrained decoding arrives at, or
 * what free decoding writes alone. Scoring also tells whether free decoding writes a candidate's
 * title; text is generated only where it does not.
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
    Asking asking = new Asking(rows, candidates);
    List<Integer> order = asking.byLength();
    for (int from = 0; from < order.size(); from += batch) {
      List<Integer> part = order.subList(from, Math.min(order.size(), from + batch));
      asking.ask(part, from + part.size() == order.size());
      progress.update(what, from + part.size() - asking.unwritten.size(), order.size(), "");
    }
    return List.of(asking.results);
  }

  /** The rows of one evaluation and what is known of them. */
  private final class Asking {
    private final List<Row> rows;
    private final List<Query> queries = new ArrayList<>();
    private final RowResult[] results;

    /** Rows whose text is still to be generated. */
    private final List<Integer> unwritten = new ArrayList<>();

    Asking(List<Row> rows, List<CandidateRow> candidates) {
      this.rows = rows;
      for (int i = 0; i < rows.size(); i++) {
        Row row = rows.get(i);
        queries.add(new Query(row.user(), row.history(), candidates.get(i).candidates()));
      }
      results = new RowResult[rows.size()];
    }

    /** Rows of like length together waste little on padding. */
    List<Integer> byLength() {
      return IntStream.range(0, rows.size())
          .boxed()
          .sorted(Comparator.comparingInt(i -> model.prompt(queries.get(i)).length()))
          .toList();
    }

    void ask(List<Integer> part, boolean last) {
      switch (protocol) {
        case LIKELIHOOD -> score(part);
        case CONSTRAINED -> constrain(part);
        case GENERATE -> unwritten.addAll(part);
      }
      // Few rows of a batch leave the titles: those of several batches are written together.
      while (unwritten.size() >= (last ? 1 : batch)) {
        List<Integer> next = unwritten.subList(0, Math.min(batch, unwritten.size()));
        write(next);
        next.clear();
      }
    }

    private List<Query> queries(List<Integer> part) {
      return part.stream().map(queries::get).toList();
    }

    private void score(List<Integer> part) {
      List<CandidateScores> scores = model.scores(queries(part));
      for (int j = 0; j < part.size(); j++) {
        int i = part.get(j);
        Row row = rows.get(i);
        int[] candidates = queries.get(i).candidates();
        results[i] =
            RowResult.scored(
                row.index(), row.user(), row.next(), candidates, scores.get(j).logLikelihoods());
        int greedy = scores.get(j).greedy();
        if (greedy < 0) {
          unwritten.add(i);
        } else {
          results[i] = results[i].withAnswer(answer(i, titles.get(candidates[greedy])));
        }
      }
    }

    private void constrain(List<Integer> part) {
      int[] chosen = model.constrained(queries(part));
      for (int j = 0; j < part.size(); j++) {
        int i = part.get(j);
        Row row = rows.get(i);
        int[] candidates = queries.get(i).candidates();
        int item = candidates[chosen[j]];
        int rank = item == row.next() ? 1 : RowResult.UNRANKED;
        Answer answer = answer(i, titles.get(item));
        results[i] =
            new RowResult(row.index(), row.user(), row.next(), candidates, null, rank, answer);
      }
    }

    private void write(List<Integer> part) {
      List<String> texts = model.generate(queries(part));
      for (int j = 0; j < part.size(); j++) {
        int i = part.get(j);
        Row row = rows.get(i);
        Answer answer = answer(i, whole(queries.get(i), texts.get(j)));
        results[i] =
            protocol == Protocol.GENERATE
                ? RowResult.answered(
                    row.index(), row.user(), row.next(), queries.get(i).candidates(), answer)
                : results[i].withAnswer(answer);
      }
    }

    private Answer answer(int row, String text) {
      return Answer.of(text, queries.get(row).candidates(), titles::get);
    }
  }

  /** The title of the candidate whose title, as the prompt shows it, a text is; or the text. */
  private String whole(Query query, String text) {
    Prompt prompt = model.prompt(query);
    for (int item : query.candidates()) {
      int[] shown = model.encoder().answer(item, prompt);
      if (model.encoder().text(shown).strip().equals(text.strip())) {
        return titles.get(item);
      }
    }
    return text;
  }
}
