package dev.ilora.train;

import dev.ilora.Randomness;
import dev.ilora.data.Case;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.nn.Adam;
import dev.ilora.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Teaches a prompt model which title its users choose next: projector, gate and adapters are
 * trained, the language model and the recommender stay as they are.
 *
 * <p>Rows are visited in a new order every epoch, prompts of like length together; rows that do not
 * fill a last batch wait for another epoch. Candidates other than the target are drawn anew for
 * every visit, uniformly outside what the user had before the end of training; what is held out may
 * be drawn, as any item the user does not know yet.
 *
 * <p>Source: Kong et al., arXiv:2408.10159, section 3.3; the curriculum: Liao et al.,
 * arXiv:2312.02445, section 3.3.
 */
public final class AdaptationTask implements Task {
  private static final int BATCHES_SORTED_TOGETHER = 16;

  private final String name;
  private final PromptModel model;
  private final List<Case> rows;
  private final Map<String, BitSet> seen;
  private final TrainingSettings settings;
  private final PromptWorkers workers;
  private final int candidates;
  private final long seed;
  private long orderedEpoch = -1;
  private List<List<Case>> ordered = List.of();

  /**
   * @param rows what to learn from
   * @param seen the items each user had before the end of training, by user: never drawn as a wrong
   *     candidate
   * @param candidates titles listed in a prompt, the target included
   * @throws IllegalArgumentException if rows do not fill a batch, or a user leaves too few items
   */
  public AdaptationTask(
      String name,
      PromptModel model,
      List<Case> rows,
      Map<String, BitSet> seen,
      TrainingSettings settings,
      int candidates,
      long seed) {
    if (rows.size() < settings.batch()) {
      throw new IllegalArgumentException(
          "%s training rows do not fill a batch of %s".formatted(rows.size(), settings.batch()));
    }
    rows.forEach(row -> requireCandidates(row, seen, model, candidates));
    this.name = name;
    this.model = model;
    this.rows = List.copyOf(rows);
    this.seen = seen;
    this.settings = settings;
    this.workers = new PromptWorkers(model, settings.batch(), settings.passes());
    this.candidates = candidates;
    this.seed = seed;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Adam.Group> groups() {
    List<Adam.Group> groups = new ArrayList<>();
    addGroup(groups, "projector", model.conditioning().parameters(), settings.projectorRate());
    addGroup(groups, "gate", model.tuning().gateParameters(), settings.gateRate());
    addGroup(groups, "adapters", model.tuning().adapterParameters(), 1);
    return groups;
  }

  @Override
  public Map<String, Tensor> buffers() {
    return model.tuning().gateBuffers();
  }

  private static void addGroup(
      List<Adam.Group> groups, String name, Map<String, Tensor> parameters, double rate) {
    if (!parameters.isEmpty()) {
      groups.add(new Adam.Group(name, parameters, rate, 0));
    }
  }

  @Override
  public StepLoss accumulate(long step) {
    return workers.accumulate(examples(step));
  }

  /** The examples of one step; a function of the seed and the step alone. */
  public List<Example> examples(long step) {
    long batchesAnEpoch = rows.size() / settings.batch();
    long epoch = step / batchesAnEpoch;
    if (epoch != orderedEpoch) {
      ordered = batches(epoch);
      orderedEpoch = epoch;
    }
    SplittableRandom random = new SplittableRandom(Randomness.stepSeed(seed, step));
    double hybridShare = settings.curriculum() ? (double) step / settings.steps() : 1;
    List<Example> examples = new ArrayList<>();
    for (Case row : ordered.get((int) (step % batchesAnEpoch))) {
      int[] listed = candidates(row, random);
      boolean textOnly = random.nextDouble() >= hybridShare;
      examples.add(new Example(row.among(listed), textOnly));
    }
    return examples;
  }

  private static void requireCandidates(
      Case row, Map<String, BitSet> seen, PromptModel model, int candidates) {
    BitSet taken = seen.get(row.user());
    int items = model.encoder().itemCount();
    int left = items - taken.cardinality() - (taken.get(row.target()) ? 0 : 1);
    if (left < candidates - 1) {
      throw new IllegalArgumentException(
          "user %s has seen all but %s of %s items: too few for %s candidates"
              .formatted(row.user(), left, items, candidates));
    }
  }

  private int[] candidates(Case row, SplittableRandom random) {
    int items = model.encoder().itemCount();
    BitSet taken = (BitSet) seen.get(row.user()).clone();
    taken.set(row.target());
    int[] listed = new int[candidates];
    int place = random.nextInt(candidates);
    for (int i = 0; i < candidates; i++) {
      int item = row.target();
      while (i != place && taken.get(item)) {
        item = random.nextInt(items);
      }
      taken.set(item);
      listed[i] = item;
    }
    return listed;
  }

  private List<List<Case>> batches(long epoch) {
    SplittableRandom random = new SplittableRandom(Randomness.stepSeed(~seed, epoch));
    // Rows that fill no batch are left out before sorting, or the longest would be, every epoch.
    int used = rows.size() / settings.batch() * settings.batch();
    List<Case> order = Randomness.shuffled(rows, random).subList(0, used);
    List<List<Case>> batches = new ArrayList<>();
    int window = settings.batch() * BATCHES_SORTED_TOGETHER;
    for (int from = 0; from < order.size(); from += window) {
      List<Case> sorted =
          new ArrayList<>(order.subList(from, Math.min(order.size(), from + window)));
      sorted.sort(Comparator.comparingInt(this::titleTokens));
      List<List<Case>> alike = new ArrayList<>();
      for (int at = 0; at < sorted.size(); at += settings.batch()) {
        alike.add(List.copyOf(sorted.subList(at, at + settings.batch())));
      }
      batches.addAll(Randomness.shuffled(alike, random));
    }
    return batches;
  }

  private int titleTokens(Case row) {
    int tokens = 0;
    for (int item : row.history()) {
      tokens += model.encoder().title(item).length;
    }
    return tokens;
  }
}
