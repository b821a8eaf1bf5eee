package dev.ilora.pretrain;

import dev.ilora.Randomness;
import dev.ilora.llm.Llama;
import dev.ilora.llm.LlamaConfig;
import dev.ilora.llm.LlamaLayout;
import dev.ilora.llm.RopeScaling;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.WeightLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * First weights of a decoder that copies before it has learnt anything, see {@link #model}.
 *
 * <p>The residual stream, C wide, is a constant, the identity of the current token (a random code
 * of N elements), and what is known of others: the previous token and the one before (as many
 * elements of their codes as heads compare), the first token of the current title, and the first
 * token of the title in which the current token stood before. H heads share G key/value heads of
 * width D; the first two key/value heads and the first two query heads of each get a role:
 *
 * <table>
 * <caption>Roles</caption>
 * <tr><th>layer</th><th>key/value head</th><th>first query head</th><th>second query head</th></tr>
 * <tr><td>0</td><td>0</td><td>read the previous token</td><td>read the one before</td></tr>
 * <tr><td>1</td><td>0</td><td>find the last token after a separator: where the current title
 * starts</td><td>-</td></tr>
 * <tr><td>last but one</td><td>0</td><td>find where the current token, preceded by the previous
 * one, stood before, and read where its title starts</td><td>-</td></tr>
 * <tr><td>last</td><td>0</td><td>induction: find where the current token, preceded by the previous
 * one, stood before, and write what followed</td><td>-</td></tr>
 * <tr><td>last</td><td>1</td><td>after a colon: write where the previous token's title
 * starts, which answers "the title with the word Moon:"</td><td>-</td></tr>
 * </table>
 *
 * <p>Positions are matched with the fast pairs of the rotary embedding, tokens with the slow ones,
 * which hardly turn within the context. All else is small and normal. Gains undo the root mean
 * square that norms divide by.
 *
 * <p>Source of induction heads: Olsson et al., arXiv:2209.11895.
 */
public final class CopyingWeights {
  /** A base of rotary angles that leaves most of a head still within some hundred tokens. */
  public static final double COPYING_THETA = 1e8;

  /** What every token holds, so that heads can look at positions alone. */
  private static final double CONSTANT = 0.5;

  /** Lengths of what is copied and answered, beside the current token's 1. */
  private static final double COPY = 3;

  private static final double ANSWER = 3;
  private static final double FINAL_NORM = 1.5;

  /** Attention scores, in nats, of what a head looks for. */
  private static final double POSITION_SCORE = 12;

  private static final double MATCH_SCORE = 18;
  private static final double SECOND_SCORE = 10;
  private static final double SEPARATOR_SCORE = 30;
  private static final double RECENCY_SCORE = 20;

  /** Scores of the first token, which heads attend to that find nothing. */
  private static final double NOT_FOUND_SCORE = 14;

  private static final double NOT_ASKED_SCORE = 24;
  private static final double HALF_FOUND_SCORE = MATCH_SCORE + SECOND_SCORE / 2;

  /** Radians a slow pair turns within the context at the most, and a fast one a token, at least. */
  private static final double SLOW = 2;

  private static final double FAST = 0.02;
  private static final int FEWEST_SLOW = 16;

  /** Consecutive elements of the residual stream. */
  private record Block(int offset, int size) {}

  private final LlamaConfig config;
  private final Cues cues;
  private final RandomGenerator random;
  private final int width;
  private final int headWidth;
  private final int shared;
  private final int codes;
  private final int matched;
  private final int second;
  private final Block identity;
  private final Block previous;
  private final Block beforePrevious;
  private final Block start;
  private final Block found;
  private final int sink;
  private final double[] turns;
  private final int[] slow;
  private final int slowest;
  private final Map<String, float[]> values = new LinkedHashMap<>();

  private CopyingWeights(LlamaConfig config, Cues cues, RandomGenerator random) {
    this.config = config;
    this.cues = cues;
    this.random = random;
    width = config.hiddenSize();
    headWidth = config.headWidth();
    shared = config.heads() / config.keyValueHeads();
    turns = turns(config);
    slow = slow(config);
    slowest = slow[slow.length - 1];
    codes = codes(config);
    // The slowest element is left to what stands for "nothing found".
    matched = (slow.length - 1) * 5 / 8;
    second = slow.length - 1 - matched;
    sink = 1;
    identity = new Block(2, codes);
    previous = new Block(2 + codes, matched);
    beforePrevious = new Block(2 + codes + matched, second);
    start = new Block(2 + codes + slow.length, codes);
    found = new Block(2 + 2 * codes + slow.length, codes);
  }

  /**
   * A small Llama that {@link #model} can start: as {@link LlamaConfig#small}, with {@link
   * #COPYING_THETA}.
   *
   * @throws IllegalArgumentException naming all sizes that leave no room for heads that copy
   */
  public static LlamaConfig config(
      int vocabularySize,
      int hiddenSize,
      int intermediateSize,
      int layers,
      int heads,
      int keyValueHeads,
      int maxPositions) {
    LlamaConfig config =
        LlamaConfig.small(
            vocabularySize,
            hiddenSize,
            intermediateSize,
            layers,
            heads,
            keyValueHeads,
            maxPositions,
            COPYING_THETA);
    requireRoom(config);
    return config;
  }

  /**
   * A new trainable model in F32 that copies from its first step: a token that stood before,
   * preceded by the same token, is followed by what followed it then. Heads are arranged to read
   * previous tokens, to find them again, to know where the titles of a list start, and to answer
   * with the title in which a word stood; training refines this instead of finding it. The weights
   * are ordinary otherwise.
   *
   * @param cues what lists and questions are known by
   * @param seed decides the values alone, whatever the device
   * @throws IllegalArgumentException if the sizes leave no room, naming all that are too small: at
   *     least 4 layers, 2 key/value heads, 2 heads for each of them, and a theta so large that
   *     enough of a head hardly turns within the context, see {@link #COPYING_THETA}
   */
  public static Llama model(LlamaConfig config, Cues cues, long seed, Device device) {
    RandomGenerator random = Randomness.initialWeights(seed);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    create(config, cues, random).forEach((name, values) -> weights.put(name, values.to(device)));
    return Llama.of(config, weights);
  }

  /**
   * @param cues without separators, what needs them is left out
   * @return all weights in F32 on the CPU, in the order of {@link LlamaLayout}
   * @throws IllegalArgumentException if sizes leave no room for the circuit, naming them all
   */
  static Map<String, Tensor> create(LlamaConfig config, Cues cues, RandomGenerator random) {
    requireRoom(config);
    requireKnown("separator", cues.separators(), config);
    requireKnown("asking token", cues.asking(), config);
    CopyingWeights weights = new CopyingWeights(config, cues, random);
    WeightLayout layout = LlamaLayout.of(config);
    layout.forEach((name, shape) -> weights.values.put(name, weights.noise(name, shape)));
    weights.fill();
    return layout.create(Device.CPU, (name, shape) -> Tensor.of(weights.values.get(name), shape));
  }

  /**
   * Checks that the sizes leave room for the circuit.
   *
   * @throws IllegalArgumentException naming every one that does not
   */
  static void requireRoom(LlamaConfig config) {
    List<String> needs = new ArrayList<>();
    if (config.layers() < 4) {
      needs.add("at least 4 layers, got " + config.layers());
    }
    if (config.keyValueHeads() < 2) {
      needs.add("at least 2 key/value heads, got " + config.keyValueHeads());
    }
    if (config.heads() < 2 * config.keyValueHeads()) {
      needs.add(
          "at least 2 heads for each key/value head, got %s for %s"
              .formatted(config.heads(), config.keyValueHeads()));
    }
    if (!config.isLlama() || !(config.rope().scaling() instanceof RopeScaling.None)) {
      needs.add("Llama's layers with rotary angles as they are, got " + config.form());
    }
    int slow = slow(config).length;
    if (slow < FEWEST_SLOW) {
      needs.add(
          "%s elements of a head that hardly turn within %s positions, got %s of %s with rope_theta %s"
              .formatted(
                  FEWEST_SLOW, config.maxPositions(), slow, config.headWidth(), theta(config)));
    } else if (codes(config) < slow) {
      needs.add(
          "a width of at least %s for heads %s wide, got %s"
              .formatted(2 + 4 * slow, config.headWidth(), config.hiddenSize()));
    }
    if (!needs.isEmpty()) {
      throw new IllegalArgumentException("heads that copy need " + String.join("; ", needs));
    }
  }

  private static void requireKnown(String what, int[] tokens, LlamaConfig config) {
    for (int token : tokens) {
      if (token < 0 || token >= config.vocabularySize()) {
        throw new IllegalArgumentException(
            "%s %s is outside the vocabulary of %s"
                .formatted(what, token, config.vocabularySize()));
      }
    }
  }

  private static double theta(LlamaConfig config) {
    return config.form().layers().getFirst().rope().theta();
  }

  /** Radians each pair of elements of a head turns a position. */
  private static double[] turns(LlamaConfig config) {
    return IntStream.range(0, config.headWidth() / 2)
        .mapToDouble(i -> Math.pow(theta(config), -2.0 * i / config.headWidth()))
        .toArray();
  }

  /** Elements of a head that hardly turn within the context; both of a pair. */
  private static int[] slow(LlamaConfig config) {
    double[] turns = turns(config);
    return IntStream.range(0, config.headWidth())
        .filter(i -> turns[i % turns.length] * config.maxPositions() <= SLOW)
        .toArray();
  }

  /** Elements of a token's code: of the width, a third of what all else leaves. */
  private static int codes(LlamaConfig config) {
    int room = config.hiddenSize() - 2 - slow(config).length;
    return Math.min(config.headWidth(), room / 3);
  }

  private float[] noise(String name, long[] shape) {
    float[] noise = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
    if (shape.length == 1) {
      Arrays.fill(noise, name.endsWith("bias") ? 0 : 1);
      return noise;
    }
    double deviation = deviation(name) / Math.sqrt(shape[1]);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (random.nextGaussian() * deviation);
    }
    return noise;
  }

  /** Standard deviation of what a product with such a weight adds, for inputs of about 1. */
  private double deviation(String name) {
    double writes = 1 / Math.sqrt(2.0 * config.layers());
    if (name.endsWith("o_proj.weight")) {
      return 0.2 * writes;
    }
    if (name.endsWith("down_proj.weight")) {
      return 0.7 * Math.sqrt(128.0 / width) * writes;
    }
    return name.contains(".mlp.") ? 0.45 : 0.2;
  }

  private void fill() {
    embeddings();
    readPrevious();
    induce();
    if (cues.separators().length > 0) {
      pointToStart();
      find();
      answer();
    }
    Arrays.fill(values.get("model.norm.weight"), (float) FINAL_NORM);
  }

  /** Every token: the constant, then a code of its own of length 1; the first token has none. */
  private void embeddings() {
    float[] table = values.get("model.embed_tokens.weight");
    float each = (float) (1 / Math.sqrt(codes));
    for (int token = 0; token < config.vocabularySize(); token++) {
      boolean first = token == config.beginToken();
      for (int i = 0; i < width; i++) {
        table[token * width + i] *= 0.5f;
      }
      table[token * width] = (float) CONSTANT;
      table[token * width + sink] = first ? 1 : 0;
      for (int i = 0; i < codes; i++) {
        float sign = random.nextBoolean() ? each : -each;
        table[token * width + identity.offset() + i] = first ? 0 : sign;
      }
    }
    if (!config.tiedHead()) {
      values.put("lm_head.weight", table.clone());
    }
  }

  /** What the norm before layer 0, 1 or the last multiplies by. */
  private double norm(int layer) {
    double square = CONSTANT * CONSTANT + 1;
    if (layer > 0) {
      square += (double) slow.length / codes;
    }
    if (layer > 1) {
      square += 1;
    }
    return Math.sqrt(width / square);
  }

  /** Score of so many elements of a normed code with themselves, between weights of 1. */
  private double overlap(int layer, int elements) {
    double scale = norm(layer);
    return scale * scale * elements / codes / Math.sqrt(headWidth);
  }

  /** A weight for queries and keys alike that gives this score to the constant in one pair. */
  private double amplitude(int layer, double score) {
    return Math.sqrt(score * Math.sqrt(headWidth)) / (CONSTANT * norm(layer));
  }

  /** Weights of values and of what writes them that undo the norm between them. */
  private double balanced(int layer) {
    return Math.sqrt(1 / norm(layer));
  }

  private void readPrevious() {
    read(0, "v", 0, identity, balanced(0));
    double amplitude = amplitude(0, POSITION_SCORE);
    for (int pair = 0; pair < turns.length; pair++) {
      if (turns[pair] > FAST) {
        add(0, "k", 0, pair, 0, amplitude);
        for (int head = 0; head < 2; head++) {
          double phase = -turns[pair] * (head + 1);
          add(0, "q", head, pair, 0, amplitude * Math.cos(phase));
          add(0, "q", head, pair + turns.length, 0, amplitude * Math.sin(phase));
        }
      }
    }
    write(0, 0, previous, balanced(0));
    write(0, 1, beforePrevious, balanced(0));
  }

  private void pointToStart() {
    read(1, "v", 0, identity, balanced(1));
    double key = Math.sqrt(SEPARATOR_SCORE / overlap(1, matched));
    readSlow(1, "k", 0, 0, previous, key);
    float[] table = values.get("model.embed_tokens.weight");
    for (int separator : cues.separators()) {
      for (int i = 0; i < matched; i++) {
        double code = table[separator * width + identity.offset() + i];
        add(1, "q", 0, slow[i], 0, key * code / CONSTANT);
      }
    }
    double amplitude = amplitude(1, RECENCY_SCORE);
    for (int pair = 0; pair < turns.length; pair++) {
      if (turns[pair] > FAST && turns[pair] < 0.5) {
        double share = turns[pair] > 0.2 ? 0.3 : turns[pair] > 0.05 ? 1 : 0.6;
        add(1, "k", 0, pair, 0, amplitude);
        add(1, "q", 0, pair, 0, amplitude * share);
      }
    }
    write(1, 0, start, balanced(1));
  }

  /** Keys that stand after the current token, the better if preceded by the previous one too. */
  private void match(int layer) {
    double first = Math.sqrt(MATCH_SCORE / overlap(layer, matched));
    double further = Math.sqrt(SECOND_SCORE / overlap(layer, second));
    readSlow(layer, "k", 0, 0, previous, first);
    readSlow(layer, "q", 0, 0, new Block(identity.offset(), matched), first);
    readSlow(layer, "k", 0, matched, beforePrevious, further);
    readSlow(layer, "q", 0, matched, new Block(previous.offset(), second), further);
  }

  private void induce() {
    int last = config.layers() - 1;
    match(last);
    read(last, "v", 0, identity, balanced(last));
    write(last, 0, identity, COPY * balanced(last));
    double amplitude = sinkAmplitude(last, 0, HALF_FOUND_SCORE);
    for (int token : cues.asking()) {
      readCode(last, 0, slowest, token, amplitude);
    }
  }

  private void find() {
    int layer = config.layers() - 2;
    match(layer);
    read(layer, "v", 0, start, balanced(layer));
    write(layer, 0, found, balanced(layer));
    double amplitude = sinkAmplitude(layer, 0, NOT_FOUND_SCORE);
    add(layer, "q", 0, slowest, 0, amplitude / CONSTANT);
  }

  private void answer() {
    int last = config.layers() - 1;
    read(last, "v", 1, found, balanced(last));
    write(last, shared, identity, ANSWER * balanced(last));
    double amplitude = amplitude(last, POSITION_SCORE);
    for (int pair = 0; pair < turns.length; pair++) {
      if (turns[pair] > FAST) {
        add(last, "k", 1, pair, 0, amplitude);
        double phase = -turns[pair];
        for (int token : cues.asking()) {
          readCode(last, shared, pair, token, CONSTANT * amplitude * Math.cos(phase));
          readCode(
              last, shared, pair + turns.length, token, CONSTANT * amplitude * Math.sin(phase));
        }
      }
    }
    double nothing = sinkAmplitude(last, 1, NOT_ASKED_SCORE);
    add(last, "q", shared, slowest, 0, nothing / CONSTANT);
  }

  /**
   * Lets a key/value head's keys tell the first token, in the slowest element.
   *
   * @return what a normed query must hold there per unit of its length, for this score
   */
  private double sinkAmplitude(int layer, int keyHead, double score) {
    double first = Math.sqrt(width / (CONSTANT * CONSTANT + 1));
    double amplitude = Math.sqrt(score * Math.sqrt(headWidth) / (first * norm(layer)));
    add(layer, "k", keyHead, slowest, sink, amplitude);
    return amplitude;
  }

  /** Lets an element of queries tell how much of a token's code there is. */
  private void readCode(int layer, int head, int element, int token, double factor) {
    float[] table = values.get("model.embed_tokens.weight");
    for (int i = 0; i < codes; i++) {
      double code = table[token * width + identity.offset() + i];
      add(layer, "q", head, element, identity.offset() + i, factor * code);
    }
  }

  private void readSlow(
      int layer, String projection, int head, int from, Block block, double factor) {
    for (int i = 0; i < block.size(); i++) {
      add(layer, projection, head, slow[from + i], block.offset() + i, factor);
    }
  }

  private void read(int layer, String projection, int head, Block block, double factor) {
    for (int i = 0; i < block.size(); i++) {
      add(layer, projection, head, i, block.offset() + i, factor);
    }
  }

  private void add(int layer, String projection, int head, int element, int column, double value) {
    int row = head * headWidth + element;
    values.get(weight(layer, projection))[row * width + column] += (float) value;
  }

  private void write(int layer, int head, Block block, double factor) {
    float[] matrix = values.get(weight(layer, "o"));
    for (int i = 0; i < block.size(); i++) {
      int row = block.offset() + i;
      matrix[(row * config.heads() + head) * headWidth + i] += (float) factor;
    }
  }

  private static String weight(int layer, String projection) {
    return "model.layers." + layer + ".self_attn." + projection + "_proj.weight";
  }
}
