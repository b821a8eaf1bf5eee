package dev.ilora.hybrid;

import dev.ilora.adapter.Adaptation;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Gate;
import dev.ilora.adapter.Guidance;
import dev.ilora.data.Case;
import dev.ilora.llm.Attention;
import dev.ilora.llm.Generation;
import dev.ilora.llm.Llama;
import dev.ilora.llm.Prompts;
import dev.ilora.llm.TrainingPass;
import dev.ilora.prompt.Prompt;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.recommender.ItemVectors;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A frozen language model that answers cases, with whatever is joined to it: projected item
 * embeddings in its prompts, LoRA experts in its projections, a gate that weighs them by user.
 *
 * <p>B cases, T tokens, C width of the language model, E width of the recommender, K experts.
 *
 * <p>Sources: Kong et al., arXiv:2408.10159, section 3; hybrid prompts: Liao et al.,
 * arXiv:2312.02445.
 */
public final class PromptModel {
  private static final int SPARE_TOKENS = 4;

  private final Llama llama;
  private final PromptEncoder encoder;
  private final PromptEncoder textEncoder;
  private final Parts parts;

  /**
   * What is joined to the language model; every part may be null.
   *
   * @param recommender gives item and sequence embeddings; needed by a projector and by guidance by
   *     sequence
   * @param vectors which of its vectors of items stand in prompts
   * @param items projects item embeddings; null for text-only prompts
   * @param users projects the sequence embedding; null unless prompts have a user slot
   * @param adapters the experts; null for the frozen model alone
   * @param gate weighs the experts; null for plain LoRA
   * @param guidance what the gate looks at
   * @param guidanceSeed of {@link Guidance#RANDOM}
   */
  public record Parts(
      SequenceRecommender recommender,
      ItemVectors vectors,
      Projector items,
      Projector users,
      Adapters adapters,
      Gate gate,
      Guidance guidance,
      long guidanceSeed) {
    /** The frozen language model alone. */
    public static final Parts NONE =
        new Parts(null, ItemVectors.INPUT, null, null, null, null, Guidance.SEQUENCE, 0);
  }

  /**
   * @param encoder makes the prompts
   * @param textEncoder makes the prompts without embeddings of a curriculum; may be the same
   */
  public PromptModel(Llama llama, PromptEncoder encoder, PromptEncoder textEncoder, Parts parts) {
    this.llama = llama;
    this.encoder = encoder;
    this.textEncoder = textEncoder;
    this.parts = parts;
  }

  /** The language model. */
  public Llama llama() {
    return llama;
  }

  /** What makes the prompts. */
  public PromptEncoder encoder() {
    return encoder;
  }

  /** What is joined to the language model. */
  public Parts parts() {
    return parts;
  }

  /**
   * Whether several threads can train {@link #shadow shadows} of this model at the same time: not
   * so with dropout or a noisy gate, which draw from one generator, nor with a gate that keeps
   * running statistics.
   */
  public boolean sharable() {
    return (parts.adapters() == null || parts.adapters().config().dropout() == 0)
        && (parts.gate() == null || parts.gate().sharable());
  }

  /**
   * The same model with gradients of its own: what is trained is shared, and what is frozen.
   *
   * @throws IllegalStateException if the gate cannot be shared
   */
  public PromptModel shadow() {
    Parts shadows =
        new Parts(
            parts.recommender(),
            parts.vectors(),
            parts.items() == null ? null : parts.items().shadow(),
            parts.users() == null ? null : parts.users().shadow(),
            parts.adapters() == null ? null : parts.adapters().shadow(),
            parts.gate() == null ? null : parts.gate().shadow(),
            parts.guidance(),
            parts.guidanceSeed());
    return new PromptModel(llama, encoder, textEncoder, shadows);
  }

  /** Where the language model computes. */
  public Device device() {
    return llama.device();
  }

  /** All trained tensors by name, in the order projector, gate, adapters. */
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    projectorParameters().forEach(all::put);
    gateParameters().forEach(all::put);
    adapterParameters().forEach(all::put);
    return all;
  }

  /** The projectors' tensors, by name. */
  public Map<String, Tensor> projectorParameters() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    if (parts.items() != null) {
      parts.items().parameters().forEach((n, t) -> all.put("projector.items." + n, t));
    }
    if (parts.users() != null) {
      parts.users().parameters().forEach((n, t) -> all.put("projector.users." + n, t));
    }
    return all;
  }

  /** The gate's tensors, by name. */
  public Map<String, Tensor> gateParameters() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    if (parts.gate() != null) {
      parts.gate().parameters().forEach((n, t) -> all.put("gate." + n, t));
    }
    return all;
  }

  /** What training changes in the gate beside its trained tensors, by name. */
  public Map<String, Tensor> gateBuffers() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    if (parts.gate() != null) {
      parts.gate().buffers().forEach((n, t) -> all.put("gate." + n, t));
    }
    return all;
  }

  /** The experts' tensors, by name. */
  public Map<String, Tensor> adapterParameters() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    if (parts.adapters() != null) {
      parts.adapters().parameters().forEach((n, t) -> all.put("adapter." + n, t));
    }
    return all;
  }

  private PromptEncoder encoder(Example example) {
    return example.textOnly() ? textEncoder : encoder;
  }

  /** The number of tokens {@link #loss} sums over: answers as their prompts show them. */
  public long answerTokens(List<Example> examples) {
    long tokens = 0;
    for (Example example : examples) {
      Case asked = example.asked();
      tokens += encoder(example).answer(asked.target(), asked.history(), asked.candidates()).length;
    }
    return tokens;
  }

  /** The loss of a batch and its sizes. */
  public record Loss(Tensor sum, long answerTokens, long tokens) {}

  /**
   * Returns the cross-entropy of the answers, summed over their tokens (title and end), with a
   * graph to all trained parameters. Logits exist at those positions only.
   */
  public Loss loss(List<Example> examples) {
    AnswerBatch batch = AnswerBatch.of(examples, this::encoder, llama.lengthMultiple());
    List<Case> cases = examples.stream().map(Example::asked).toList();
    Tensor embeddings = embeddings(batch.tokens(), cases);
    Tensor hidden =
        llama.hiddenAt(
            embeddings,
            Attention.causal(batch.tokens().lengths()),
            adaptation(batch.tokens(), embeddings, cases, true),
            batch.flatPositions(device()));
    Tensor sum = batch.loss(llama.logits(hidden).to(DType.F32));
    return new Loss(sum, batch.answers().length, batch.tokens().tokens());
  }

  /**
   * What {@link #accumulate} made gradients of.
   *
   * @param loss the loss, divided
   * @param tokens of prompts and answers
   */
  public record Accumulated(double loss, long tokens) {}

  /**
   * Adds the gradients of the {@link #loss}, divided by a number, to all trained parameters; faster
   * than its graph and in less memory.
   *
   * @param checkpoint whether layers are computed a second time on the way back instead of being
   *     remembered
   */
  public Accumulated accumulate(List<Example> examples, double divisor, boolean checkpoint) {
    AnswerBatch batch = AnswerBatch.of(examples, this::encoder, llama.lengthMultiple());
    List<Case> cases = examples.stream().map(Example::asked).toList();
    Tensor embeddings = embeddings(batch.tokens(), cases);
    TrainingPass pass =
        llama.trainingPass(
            embeddings,
            Attention.causal(batch.tokens().lengths()),
            adaptation(batch.tokens(), embeddings, cases, true),
            batch.flatPositions(device()),
            checkpoint);
    double loss = pass.backward(batch.targets(device()), batch.weights(1 / divisor, device()));
    return new Accumulated(loss, batch.tokens().tokens());
  }

  /**
   * Scores all candidates of all cases: each prompt is read once, and after it the token tree of
   * its candidates' titles, whose branches do not see each other.
   */
  public List<CandidateScores> scores(List<Case> cases) {
    return Torch.noGrad(
        () -> {
          try (var _ = Scope.open()) {
            return TreeScoring.run(this, cases);
          }
        });
  }

  /**
   * Returns the index of the candidate that greedy decoding arrives at when it may only write
   * candidates' titles, for each asked: as in {@link CandidateScores}, for little more than reading
   * the prompts.
   */
  public int[] constrained(List<Case> cases) {
    return Torch.noGrad(
        () -> {
          try (var _ = Scope.open()) {
            return ConstrainedDecoding.run(this, cases);
          }
        });
  }

  /**
   * Returns the text free greedy decoding writes after each prompt, up to the end of the line: at
   * most a few tokens more than the longest candidate's title takes.
   */
  public List<String> generate(List<Case> cases) {
    TokenBatch batch = promptBatch(cases);
    int room = llama.config().maxPositions() - batch.length();
    int tokens = Math.max(1, Math.min(room, longestAnswer(cases) + SPARE_TOKENS));
    var options = Generation.Options.of(tokens, Set.of(encoder.end()[0]));
    return greedy(batch, cases, options).stream()
        .map(continuation -> encoder.text(continuation.tokens()))
        .toList();
  }

  /**
   * Continues each prompt with the likeliest tokens.
   *
   * @throws IllegalArgumentException if a prompt and the new tokens exceed the model's context
   */
  public List<Generation.Continuation> greedy(List<Case> cases, Generation.Options options) {
    return greedy(promptBatch(cases), cases, options);
  }

  private List<Generation.Continuation> greedy(
      TokenBatch batch, List<Case> cases, Generation.Options options) {
    return Torch.noGrad(
        () -> {
          try (var _ = Scope.open()) {
            Tensor embeddings = embeddings(batch, cases);
            return new Generation(llama, options)
                .greedy(
                    new Prompts(embeddings, batch.lengths()),
                    adaptation(batch, embeddings, cases, false));
          }
        });
  }

  /**
   * Scores every token as the next one after each prompt: one pass over the prompts alone.
   *
   * @return (B, V) before any softmax, without a graph, in the caller's scope
   */
  public Tensor nextLogits(List<Case> cases) {
    return Torch.noGrad(
        () -> {
          try (var scope = Scope.open()) {
            TokenBatch batch = promptBatch(cases);
            Tensor embeddings = embeddings(batch, cases);
            Tensor hidden =
                llama.hiddenAt(
                    embeddings,
                    Attention.causal(batch.lengths()),
                    adaptation(batch, embeddings, cases, false),
                    new Prompts(embeddings, batch.lengths()).lastPositions());
            return scope.keep(llama.logits(hidden));
          }
        });
  }

  private TokenBatch promptBatch(List<Case> cases) {
    List<Prompt> prompts = cases.stream().map(this::prompt).toList();
    return TokenBatch.of(prompts, prompts.stream().map(_ -> new int[0]).toList());
  }

  private int longestAnswer(List<Case> cases) {
    return cases.stream()
        .flatMapToInt(asked -> Arrays.stream(asked.candidates()))
        .map(item -> encoder.answer(item).length)
        .max()
        .orElse(1);
  }

  /** Returns the weight of each expert for each asked, (B, K) or (L, B, K); null without a gate. */
  public Tensor expertWeights(List<Case> cases) {
    return Torch.noGrad(
        () -> {
          TokenBatch batch = promptBatch(cases);
          return weights(batch, embeddings(batch, cases), cases, false);
        });
  }

  /** The tokens of a asked's {@link #prompt}, without encoding it. */
  public int promptLength(Case asked) {
    return encoder.promptLength(asked.history(), asked.candidates());
  }

  /** Encodes a asked as this model is asked it. */
  public Prompt prompt(Case asked) {
    return encoder.encode(asked.history(), asked.candidates());
  }

  /** Token embeddings with the batch's places filled, (B, T, C). */
  Tensor embeddings(TokenBatch batch, List<Case> cases) {
    Tensor tokens = llama.embed(batch.ids(device()));
    if (!batch.hasPlaces()) {
      return tokens;
    }
    Tensor keep = batch.keep(device());
    Tensor kept = keep == null ? tokens : tokens.mul(keep.to(tokens.dtype()));
    Tensor placed = table(batch, cases).embedding(batch.tableRows(device()));
    return kept.add(placed.to(tokens.dtype()));
  }

  private Tensor table(TokenBatch batch, List<Case> cases) {
    List<Tensor> table = new ArrayList<>();
    table.add(Tensor.zeros(DType.F32, device(), 1, llama.config().hiddenSize()));
    if (batch.items().length > 0) {
      Tensor items = Tensor.ofInts(batch.items(), batch.items().length).to(device());
      Tensor stored = parts.vectors().of(parts.recommender()).detach();
      table.add(parts.items().project(stored.indexSelect(0, items)));
    }
    if (batch.hasUsers()) {
      table.add(parts.users().project(sequenceEmbeddings(cases)));
    }
    return Tensor.cat(table, 0);
  }

  private Tensor sequenceEmbeddings(List<Case> cases) {
    return Torch.noGrad(
        () ->
            parts
                .recommender()
                .sequenceEmbedding(
                    parts.recommender().batch(cases.stream().map(Case::history).toList()))
                .to(device()));
  }

  /** The adapters with this batch's expert weights. */
  Adaptation adaptation(TokenBatch batch, Tensor embeddings, List<Case> cases, boolean training) {
    if (parts.adapters() == null) {
      return Adaptation.NONE;
    }
    Tensor weights = weights(batch, embeddings, cases, training);
    return weights == null
        ? Adaptation.of(parts.adapters(), cases.size(), training)
        : Adaptation.of(parts.adapters(), weights, training);
  }

  private Tensor weights(TokenBatch batch, Tensor embeddings, List<Case> cases, boolean training) {
    if (parts.gate() == null) {
      return null;
    }
    Tensor guidance =
        switch (parts.guidance()) {
          case SEQUENCE -> sequenceEmbeddings(cases);
          case PROMPT_MEAN ->
              Guidance.promptMean(embeddings.detach(), batch.promptLengths()).to(DType.F32);
          case RANDOM ->
              Guidance.random(
                  cases.stream().map(Case::user).toList(),
                  parts.gate().sizes().guidanceWidth(),
                  parts.guidanceSeed(),
                  device());
        };
    return parts.gate().weights(guidance, training);
  }
}
