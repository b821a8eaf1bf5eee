package dev.ilora.evaluate;

import dev.ilora.Progress;
import dev.ilora.data.Case;
import dev.ilora.data.CaseCandidates;
import dev.ilora.hybrid.CandidateScores;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.Query;
import dev.ilora.machine.Workers;
import dev.ilora.prompt.Prompt;
import dev.ilora.statistics.Answer;
import dev.ilora.statistics.Outcome;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
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
   * Evaluates rows; on a processor its cores share the batches, each with single-threaded
   * operations, unless all answers are to be decoded freely.
   *
   * @param candidates of the same rows in the same order
   * @return one result a row, in their order
   */
  public List<Outcome> run(
      List<Case> rows, List<CaseCandidates> candidates, String what, Progress progress) {
    Asking asking =
        new Asking(rows, candidates, done -> progress.update(what, done, rows.size(), ""));
    List<List<Integer>> batches = asking.batches();
    // Decoding reads all weights for every token: there cores do better sharing each operation.
    boolean shared = model.device().equals(Device.CPU) && protocol != Protocol.GENERATE;
    int threads = shared ? Torch.threads() : 1;
    int workers = Math.clamp(batches.size(), 1, threads);
    List<List<List<Integer>>> shares = Workers.deal(batches, workers);
    Workers.sum(
        workers,
        worker -> {
          new Worker(asking).run(shares.get(worker));
          return 0;
        });
    return List.of(asking.results);
  }

  /** The rows of one evaluation and what is known of them. */
  private final class Asking {
    private final List<Case> rows;
    private final List<Query> queries = new ArrayList<>();
    private final Outcome[] results;
    private final IntConsumer progress;
    private int done;

    Asking(List<Case> rows, List<CaseCandidates> candidates, IntConsumer progress) {
      this.rows = rows;
      for (int i = 0; i < rows.size(); i++) {
        Case row = rows.get(i);
        queries.add(new Query(row.user(), row.history(), candidates.get(i).candidates()));
      }
      results = new Outcome[rows.size()];
      this.progress = progress;
    }

    /** Rows of like length together waste little on padding. */
    List<List<Integer>> batches() {
      int[] lengths = queries.stream().mapToInt(model::promptLength).toArray();
      List<Integer> order =
          IntStream.range(0, rows.size())
              .boxed()
              .sorted(Comparator.comparingInt(i -> lengths[i]))
              .toList();
      List<List<Integer>> batches = new ArrayList<>();
      for (int from = 0; from < order.size(); from += batch) {
        batches.add(order.subList(from, Math.min(order.size(), from + batch)));
      }
      return batches;
    }

    synchronized void finished(int more) {
      done += more;
      progress.accept(done);
    }
  }

  /** Asks some of the batches, on one thread. */
  private final class Worker {
    private final List<Case> rows;
    private final List<Query> queries;
    private final Outcome[] results;
    private final Asking asking;

    /** Rows whose text is still to be generated. */
    private final List<Integer> unwritten = new ArrayList<>();

    Worker(Asking asking) {
      this.asking = asking;
      rows = asking.rows;
      queries = asking.queries;
      results = asking.results;
    }

    void run(List<List<Integer>> batches) {
      for (List<Integer> part : batches) {
        int before = unwritten.size();
        ask(part);
        // Few rows of a batch leave the titles: those of several batches are written together.
        while (unwritten.size() >= batch) {
          writeSome();
        }
        asking.finished(part.size() + before - unwritten.size());
      }
      while (!unwritten.isEmpty()) {
        asking.finished(writeSome());
      }
    }

    private void ask(List<Integer> part) {
      switch (protocol) {
        case LIKELIHOOD -> score(part);
        case CONSTRAINED -> constrain(part);
        case GENERATE -> unwritten.addAll(part);
      }
    }

    private int writeSome() {
      List<Integer> next = unwritten.subList(0, Math.min(batch, unwritten.size()));
      int count = next.size();
      write(next);
      next.clear();
      return count;
    }

    private List<Query> queries(List<Integer> part) {
      return part.stream().map(queries::get).toList();
    }

    private void score(List<Integer> part) {
      List<CandidateScores> scores = model.scores(queries(part));
      for (int j = 0; j < part.size(); j++) {
        int i = part.get(j);
        Case row = rows.get(i);
        int[] candidates = queries.get(i).candidates();
        results[i] =
            Outcome.scored(
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
        Case row = rows.get(i);
        int[] candidates = queries.get(i).candidates();
        int item = candidates[chosen[j]];
        int rank = item == row.next() ? 1 : Outcome.UNRANKED;
        Answer answer = answer(i, titles.get(item));
        results[i] =
            new Outcome(row.index(), row.user(), row.next(), candidates, null, rank, answer);
      }
    }

    private void write(List<Integer> part) {
      List<String> texts = model.generate(queries(part));
      for (int j = 0; j < part.size(); j++) {
        int i = part.get(j);
        Case row = rows.get(i);
        Answer answer = answer(i, whole(queries.get(i), texts.get(j)));
        results[i] =
            protocol == Protocol.GENERATE
                ? Outcome.answered(
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
