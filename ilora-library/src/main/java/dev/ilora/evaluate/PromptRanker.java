package dev.ilora.evaluate;

import dev.ilora.data.Case;
import dev.ilora.hybrid.CandidateScores;
import dev.ilora.hybrid.LikelihoodForm;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.machine.Workers;
import dev.ilora.prompt.Prompt;
import dev.ilora.statistics.Answer;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Asks a prompt model of every case what its protocol needs: the likelihood of every candidate and
 * what free greedy decoding writes, the candidate constrained decoding arrives at, or only what
 * free decoding writes. Scoring also tells whether free decoding writes a candidate's title; text
 * is generated only where it does not.
 */
public final class PromptRanker implements Ranker {
  private final PromptModel model;
  private final List<String> titles;
  private final Protocol.OfText protocol;
  private final int batch;

  /**
   * @param titles title of each item id
   * @param batch rows asked at once
   */
  public PromptRanker(PromptModel model, List<String> titles, Protocol.OfText protocol, int batch) {
    this.model = model;
    this.titles = titles;
    this.protocol = protocol;
    this.batch = batch;
  }

  @Override
  public Protocol.OfText protocol() {
    return protocol;
  }

  @Override
  public String name() {
    return "the language model";
  }

  /**
   * Answers cases; on a processor its cores share the batches, each with single-threaded
   * operations, unless all answers are to be decoded freely.
   */
  @Override
  public List<Reply> rank(List<Case> cases, IntConsumer done) {
    return ask(new Asking(cases, true, done));
  }

  /**
   * Scores the candidates of cases by likelihood, whatever the protocol, and writes no text.
   *
   * @return scores in the order of each case's candidates
   */
  public List<double[]> scores(List<Case> cases) {
    return scores(cases, _ -> {});
  }

  /**
   * The same, saying how far it is.
   *
   * @param done told the number of cases that are scored
   */
  public List<double[]> scores(List<Case> cases, IntConsumer done) {
    return ask(new Asking(cases, false, done)).stream().map(Reply::scores).toList();
  }

  private List<Reply> ask(Asking asking) {
    List<List<Integer>> batches = asking.batches();
    // Decoding reads all weights for every token: there cores do better sharing each operation.
    boolean shared = model.device().equals(Device.CPU) && !(protocol instanceof Protocol.Generate);
    int threads = shared ? Torch.threads() : 1;
    int workers = Math.clamp(batches.size(), 1, threads);
    List<List<List<Integer>>> shares = Workers.deal(batches, workers);
    Workers.sum(
        workers,
        worker -> {
          new Worker(asking).run(shares.get(worker));
          return 0;
        });
    return List.of(asking.replies);
  }

  /** The cases of one call and what is known of them. */
  private final class Asking {
    private final List<Case> cases;
    private final boolean byProtocol;
    private final Reply[] replies;
    private final IntConsumer progress;
    private int done;

    /**
     * @param byProtocol false where only scores are wanted
     */
    Asking(List<Case> cases, boolean byProtocol, IntConsumer progress) {
      this.cases = cases;
      this.byProtocol = byProtocol;
      replies = new Reply[cases.size()];
      this.progress = progress;
    }

    /** Cases of like length together waste little on padding. */
    List<List<Integer>> batches() {
      int[] lengths = cases.stream().mapToInt(model::promptLength).toArray();
      List<Integer> order =
          IntStream.range(0, cases.size())
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
    private final List<Case> cases;
    private final Reply[] replies;
    private final Asking asking;

    /** Cases whose text is still to be generated. */
    private final List<Integer> unwritten = new ArrayList<>();

    Worker(Asking asking) {
      this.asking = asking;
      cases = asking.cases;
      replies = asking.replies;
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
      if (!asking.byProtocol) {
        score(part);
        return;
      }
      switch (protocol) {
        case Protocol.Likelihood _ -> score(part);
        case Protocol.Constrained _ -> constrain(part);
        case Protocol.Generate _ -> unwritten.addAll(part);
      }
    }

    private int writeSome() {
      List<Integer> next = unwritten.subList(0, Math.min(batch, unwritten.size()));
      int count = next.size();
      write(next);
      next.clear();
      return count;
    }

    private LikelihoodForm form() {
      return protocol instanceof Protocol.Likelihood(LikelihoodForm form)
          ? form
          : LikelihoodForm.SUM;
    }

    private List<Case> chosen(List<Integer> part) {
      return part.stream().map(cases::get).toList();
    }

    private void score(List<Integer> part) {
      List<CandidateScores> scores = model.scores(chosen(part), form());
      for (int j = 0; j < part.size(); j++) {
        int i = part.get(j);
        int greedy = scores.get(j).greedy();
        Optional<Answer> answer = Optional.empty();
        if (greedy < 0 && asking.byProtocol) {
          unwritten.add(i);
        } else if (greedy >= 0) {
          answer = Optional.of(answer(i, titles.get(cases.get(i).candidates()[greedy])));
        }
        replies[i] = Reply.scored(scores.get(j).logLikelihoods(), answer);
      }
    }

    private void constrain(List<Integer> part) {
      int[] places = model.constrained(chosen(part));
      for (int j = 0; j < part.size(); j++) {
        int i = part.get(j);
        int item = cases.get(i).candidates()[places[j]];
        replies[i] = Reply.chosen(item, answer(i, titles.get(item)));
      }
    }

    private void write(List<Integer> part) {
      List<String> texts = model.generate(chosen(part));
      for (int j = 0; j < part.size(); j++) {
        int i = part.get(j);
        Answer answer = answer(i, whole(cases.get(i), texts.get(j)));
        replies[i] =
            protocol instanceof Protocol.Generate
                ? Reply.chosen(answer.item(), answer)
                : Reply.scored(replies[i].scores(), Optional.of(answer));
      }
    }

    private Answer answer(int index, String text) {
      return Answer.of(text, cases.get(index).candidates(), titles::get);
    }
  }

  /** The title of the candidate whose title, as the prompt shows it, a text is; or the text. */
  private String whole(Case asked, String text) {
    Prompt prompt = model.prompt(asked);
    for (int item : asked.candidates()) {
      int[] shown = model.encoder().answer(item, prompt);
      if (model.encoder().text(shown).strip().equals(text.strip())) {
        return titles.get(item);
      }
    }
    return text;
  }
}
