package dev.ilora.hybrid;

import dev.ilora.data.Case;
import dev.ilora.llm.Generation;
import dev.ilora.llm.Llama;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.prompt.Prompt;
import dev.ilora.prompt.PromptEncoder;
import dev.ilora.recommender.SequenceRecommender;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A frozen language model that answers cases, with whatever is joined to it: {@link Conditioning}
 * puts projected embeddings into its prompts, {@link Tuning} puts LoRA experts into its projections
 * and a gate that weighs them by user.
 *
 * <p>B cases, V vocabulary, K experts, L layers. Any number of threads may ask one model at the
 * same time; training changes it.
 *
 * <p>Sources: Kong et al., arXiv:2408.10159, section 3; hybrid prompts: Liao et al.,
 * arXiv:2312.02445.
 */
public final class PromptModel {
  private final Llama llama;
  private final PromptEncoder encoder;
  private final PromptEncoder textEncoder;
  private final Conditioning conditioning;
  private final Tuning tuning;

  /**
   * @param encoder makes the prompts
   * @param textEncoder makes the prompts without embeddings of a curriculum; may be the same
   * @throws IllegalArgumentException if prompts have places that nothing fills, or the gate is
   *     guided by another recommender than the prompts
   */
  public PromptModel(
      Llama llama,
      PromptEncoder encoder,
      PromptEncoder textEncoder,
      Conditioning conditioning,
      Tuning tuning) {
    this.llama = llama;
    this.encoder = encoder;
    this.textEncoder = textEncoder;
    this.conditioning = conditioning;
    this.tuning = tuning;
    requireVirtual(encoder);
    requireVirtual(textEncoder);
    requireFilled(encoder.embeddings() != ItemEmbeddings.NONE, encoder.userSlot());
    requireOneGuide();
  }

  private void requireVirtual(PromptEncoder own) {
    if (own.virtualTokens() != tuning.virtualTokens()) {
      throw new IllegalArgumentException(
          "prompts have %s places for virtual tokens, of which there are %s"
              .formatted(own.virtualTokens(), tuning.virtualTokens()));
    }
  }

  private void requireFilled(boolean itemPlaces, boolean userPlace) {
    boolean items = false;
    boolean user = false;
    if (conditioning instanceof Conditioning.Embedded embedded) {
      items = embedded.items().isPresent();
      user = embedded.user().isPresent();
    }
    if (itemPlaces && !items || userPlace && !user) {
      throw new IllegalArgumentException(
          "prompts have places for embeddings of %s, which have no projector"
              .formatted(itemPlaces && !items ? "items" : "users"));
    }
  }

  @SuppressWarnings("ReferenceEquality") // one recommender is loaded and closed once
  private void requireOneGuide() {
    if (conditioning instanceof Conditioning.Embedded embedded
        && gateGuide().filter(guide -> guide != embedded.guide()).isPresent()) {
      throw new IllegalArgumentException(
          "prompts and gate have different recommenders: one guides both");
    }
  }

  /** Bytes that the language model's weights take as they are held. */
  public long baseBytes() {
    return llama.weightBytes();
  }

  /** The language model. */
  public Llama llama() {
    return llama;
  }

  /** What makes the prompts. */
  public PromptEncoder encoder() {
    return encoder;
  }

  /** What makes the prompt of an example. */
  PromptEncoder encoder(Example example) {
    return example.textOnly() ? textEncoder : encoder;
  }

  /** What of a recommender enters the prompts. */
  public Conditioning conditioning() {
    return conditioning;
  }

  /** How the language model is adapted. */
  public Tuning tuning() {
    return tuning;
  }

  /** The recommender whose embeddings enter the prompts or the gate, if any do. */
  public Optional<SequenceRecommender> guide() {
    return conditioning instanceof Conditioning.Embedded embedded
        ? Optional.of(embedded.guide())
        : gateGuide();
  }

  private Optional<SequenceRecommender> gateGuide() {
    return tuning instanceof Tuning.Mixture mixture
            && mixture.input() instanceof GateInput.SequenceEmbedding(SequenceRecommender guide)
        ? Optional.of(guide)
        : Optional.empty();
  }

  /** Where the language model computes. */
  public Device device() {
    return llama.device();
  }

  /**
   * Whether several threads can train {@link #shadow shadows} of this model at the same time: not
   * so with dropout or a noisy gate, which draw from one generator, nor with a gate that keeps
   * running statistics.
   */
  public boolean sharable() {
    return tuning.sharable();
  }

  /**
   * The same model with gradients of its own: what is trained is shared, and what is frozen.
   *
   * @throws IllegalStateException if the gate cannot be shared
   */
  public PromptModel shadow() {
    return new PromptModel(llama, encoder, textEncoder, conditioning.shadow(), tuning.shadow());
  }

  /** All trained tensors by name, in the order projector, gate, adapters. */
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> all = new LinkedHashMap<>(conditioning.parameters());
    all.putAll(tuning.gateParameters());
    all.putAll(tuning.adapterParameters());
    return all;
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
    return PromptLoss.graph(this, examples);
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
    return PromptLoss.accumulate(this, examples, divisor, checkpoint);
  }

  /**
   * Scores all candidates of all cases: each prompt is read once, and after it the token tree of
   * its candidates' titles, whose branches do not see each other.
   */
  public List<CandidateScores> scores(List<Case> cases) {
    return scores(cases, LikelihoodForm.SUM);
  }

  /** As above, with scores of another form in place of the log-likelihoods. */
  public List<CandidateScores> scores(List<Case> cases, LikelihoodForm form) {
    return alone(() -> TreeScoring.run(this, cases, form));
  }

  /**
   * Returns the index of the candidate that greedy decoding arrives at when it may only write
   * candidates' titles, for each case: as in {@link CandidateScores}, for little more than reading
   * the prompts.
   */
  public int[] constrained(List<Case> cases) {
    return alone(() -> ConstrainedDecoding.run(this, cases));
  }

  /**
   * Returns the text free greedy decoding writes after each prompt, up to the end of the line: at
   * most a few tokens more than the longest candidate's title takes.
   */
  public List<String> generate(List<Case> cases) {
    return alone(() -> new FreeDecoding(this, cases).texts());
  }

  /**
   * Continues each prompt with the likeliest tokens.
   *
   * @throws IllegalArgumentException if a prompt and the new tokens exceed the model's context
   */
  public List<Generation.Continuation> greedy(List<Case> cases, Generation.Options options) {
    return alone(() -> new FreeDecoding(this, cases).greedy(options));
  }

  /**
   * Scores every token as the next one after each prompt: one pass over the prompts.
   *
   * @return (B, V) before any softmax, without a graph, in the caller's scope
   */
  public Tensor nextLogits(List<Case> cases) {
    return kept(() -> new FreeDecoding(this, cases).nextLogits());
  }

  /**
   * Returns the weight of each expert for each case, if a gate weighs them.
   *
   * @return (B, K) or (L, B, K), without a graph, in the caller's scope
   */
  public Optional<Tensor> expertWeights(List<Case> cases) {
    return tuning instanceof Tuning.Mixture mixture
        ? Optional.of(kept(() -> weights(mixture, cases)))
        : Optional.empty();
  }

  private Tensor weights(Tuning.Mixture mixture, List<Case> cases) {
    TokenBatch batch = TokenBatch.of(cases.stream().map(this::prompt).toList());
    return ExpertWeigher.weights(mixture, batch, embeddings(batch, cases), cases, false);
  }

  /** Computes without a graph, and frees what it made. */
  private static <T> T alone(Supplier<T> computation) {
    return Torch.noGrad(
        () -> {
          try (var _ = Scope.open()) {
            return computation.get();
          }
        });
  }

  /** Computes without a graph, and frees what it made but the result. */
  private static Tensor kept(Supplier<Tensor> computation) {
    return Torch.noGrad(
        () -> {
          try (var scope = Scope.open()) {
            return scope.keep(computation.get());
          }
        });
  }

  /** The number of tokens of a case's {@link #prompt}, without encoding it. */
  public int promptLength(Case asked) {
    return encoder.promptLength(asked.history(), asked.candidates());
  }

  /** Encodes a case as this model is asked it. */
  public Prompt prompt(Case asked) {
    return encoder.encode(asked.history(), asked.candidates());
  }

  /** Token embeddings with all slots filled, (B, T, C). */
  Tensor embeddings(TokenBatch batch, List<Case> cases) {
    return new SlotEmbedder(llama, conditioning, tuning).embed(batch, cases);
  }

  /** A batch as the language model reads it. */
  EmbeddedBatch embedded(TokenBatch batch, List<Case> cases, boolean training) {
    Tensor embeddings = embeddings(batch, cases);
    return new EmbeddedBatch(
        batch, embeddings, ExpertWeigher.adaptation(tuning, batch, embeddings, cases, training));
  }
}
