package dev.ilora.bench;

import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.data.Case;
import dev.ilora.hybrid.Conditioning;
import dev.ilora.hybrid.Example;
import dev.ilora.hybrid.GateInput;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.Tuning;
import dev.ilora.prompt.Prompt;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Layers;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Training and scoring as the released research code does them, on the same engine, weights and
 * prompts as {@link PromptModel}: every prompt of a batch is padded to the longest, every expert's
 * output is formed and then weighted, logits are computed at all positions over the whole
 * vocabulary, and candidates are scored one at a time, each by a pass over prompt and title.
 *
 * <p>B sequences, T tokens, C width, V vocabulary. Sources: the code released with Kong et al.,
 * arXiv:2408.10159, and Liao et al., arXiv:2312.02445.
 */
public final class ReferenceStyle {
  /** The target of positions that do not count, skipped by the cross-entropy. */
  private static final long IGNORED = -100;

  private final PromptModel model;
  private final ReferenceDecoder decoder;

  /**
   * @param model in F32 on the CPU, with adapters, its gate (if any) guided by the sequence
   */
  public ReferenceStyle(PromptModel model) {
    this.model = model;
    this.decoder = new ReferenceDecoder(model.llama(), adapters(model.tuning()));
  }

  private static Adapters adapters(Tuning tuning) {
    return switch (tuning) {
      case Tuning.Lora(Adapters adapters) -> adapters;
      case Tuning.Mixture(Adapters adapters, Gate _, GateInput.SequenceEmbedding _) -> adapters;
      case Tuning.Mixture _, Tuning.Frozen _, Tuning.VirtualTokens _, Tuning.Prefix _ ->
          throw new IllegalArgumentException(
              "expected a model with adapters, guided by the sequence embedding");
    };
  }

  /** A prompt with what follows it and the target of each position. */
  private record Sequence(Case asked, Prompt prompt, int[] tokens, long[] targets) {}

  /**
   * Returns the mean cross-entropy of the answers' tokens, with a graph to all trained parameters.
   *
   * @param examples with hybrid prompts
   */
  public Tensor loss(List<Example> examples) {
    List<Sequence> sequences = new ArrayList<>();
    for (Example example : examples) {
      sequences.add(sequence(example.asked(), example.asked().target()));
    }
    Tensor logits = logits(sequences, true);
    long length = logits.size(1);
    long[] targets = new long[sequences.size() * (int) length];
    Arrays.fill(targets, IGNORED);
    for (int b = 0; b < sequences.size(); b++) {
      long[] own = sequences.get(b).targets();
      System.arraycopy(own, 0, targets, b * (int) length, own.length);
    }
    return Layers.crossEntropy(
        logits.reshape(sequences.size() * length, logits.size(2)),
        Tensor.of(targets, targets.length));
  }

  /** Returns the log-likelihood of each case's candidates, in their order. */
  public List<double[]> scores(List<Case> cases) {
    return Torch.noGrad(
        () ->
            cases.stream()
                .map(
                    asked ->
                        Arrays.stream(asked.candidates())
                            .mapToDouble(item -> logLikelihood(asked, item))
                            .toArray())
                .toList());
  }

  private double logLikelihood(Case asked, int item) {
    try (var _ = Scope.open()) {
      Sequence sequence = sequence(asked, item);
      Tensor likely = logits(List.of(sequence), false).logSoftmax(-1).select(0, 0);
      double sum = 0;
      for (int t = 0; t < sequence.targets().length; t++) {
        long target = sequence.targets()[t];
        if (target != IGNORED) {
          sum += likely.select(0, t).select(0, target).item();
        }
      }
      return sum;
    }
  }

  private Sequence sequence(Case asked, int item) {
    Prompt prompt = model.prompt(asked);
    int[] answer = model.encoder().answer(item, prompt);
    int length = prompt.length() + answer.length - 1;
    int[] tokens = Arrays.copyOf(prompt.tokens(), length);
    long[] targets = new long[length];
    Arrays.fill(targets, IGNORED);
    System.arraycopy(answer, 0, tokens, prompt.length(), answer.length - 1);
    for (int i = 0; i < answer.length; i++) {
      targets[prompt.length() - 1 + i] = answer[i];
    }
    return new Sequence(asked, prompt, tokens, targets);
  }

  private Tensor logits(List<Sequence> sequences, boolean training) {
    int[] lengths = sequences.stream().mapToInt(s -> s.tokens().length).toArray();
    int length = Arrays.stream(lengths).max().orElseThrow();
    long[] ids = new long[sequences.size() * length];
    for (int b = 0; b < lengths.length; b++) {
      for (int t = 0; t < lengths[b]; t++) {
        ids[b * length + t] = sequences.get(b).tokens()[t];
      }
    }
    Tensor tokens = model.llama().embed(Tensor.of(ids, sequences.size(), length));
    Tensor placed =
        model.conditioning() instanceof Conditioning.Embedded embedded
            ? withSlots(tokens, sequences, embedded)
            : tokens;
    return decoder.logits(placed, lengths, expertWeights(sequences, training), training);
  }

  private static Tensor sequenceEmbeddings(
      SequenceRecommender recommender, List<Sequence> sequences) {
    List<int[]> histories = sequences.stream().map(s -> s.asked().history()).toList();
    return Torch.noGrad(() -> recommender.sequenceEmbedding(recommender.batch(histories)));
  }

  private Tensor expertWeights(List<Sequence> sequences, boolean training) {
    return model.tuning() instanceof Tuning.Mixture mixture
        ? mixture
            .gate()
            .weights(sequenceEmbeddings(model.guide().orElseThrow(), sequences), training)
        : Tensor.ones(DType.F32, model.device(), sequences.size(), 1);
  }

  /** Embeddings with every slot's projection added to, or put in the place of, its token's. */
  private Tensor withSlots(
      Tensor tokens, List<Sequence> sequences, Conditioning.Embedded embedded) {
    int length = (int) tokens.size(1);
    int[] rows = new int[sequences.size() * length];
    float[] kept = new float[rows.length];
    Arrays.fill(kept, 1);
    // row 0 of the table is zero, then comes a row for each slot, items' before users'
    List<Integer> items = new ArrayList<>();
    List<Integer> placesOfUsers = new ArrayList<>();
    for (int b = 0; b < sequences.size(); b++) {
      Prompt prompt = sequences.get(b).prompt();
      for (int s = 0; s < prompt.slotPositions().length; s++) {
        int place = b * length + prompt.slotPositions()[s];
        kept[place] = prompt.slotAdds()[s] ? 1 : 0;
        if (prompt.slotItems()[s] == Prompt.USER) {
          placesOfUsers.add(place);
        } else {
          items.add(prompt.slotItems()[s]);
          rows[place] = items.size();
        }
      }
    }
    placesOfUsers.forEach(place -> rows[place] = 1 + items.size() + place / length);
    List<Tensor> table = new ArrayList<>(List.of(Tensor.zeros(1, tokens.size(2))));
    embedded.items().filter(_ -> !items.isEmpty()).ifPresent(own -> table.add(project(own, items)));
    embedded
        .user()
        .filter(_ -> !placesOfUsers.isEmpty())
        .ifPresent(own -> table.add(own.project(sequenceEmbeddings(embedded.guide(), sequences))));
    Tensor placed = Tensor.cat(table, 0).embedding(Tensor.ofInts(rows, sequences.size(), length));
    return tokens.mul(Tensor.of(kept, sequences.size(), length, 1)).add(placed);
  }

  private Tensor project(Conditioning.ProjectedItems own, List<Integer> items) {
    int[] ids = items.stream().mapToInt(Integer::intValue).toArray();
    Tensor stored = own.vectors().of(model.guide().orElseThrow()).detach();
    return own.projector().project(stored.indexSelect(0, Tensor.ofInts(ids, ids.length)));
  }
}
