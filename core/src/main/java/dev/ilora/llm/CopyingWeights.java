package dev.ilora.llm;

import dev.ilora.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * First weights of a decoder that copies before it has learnt anything, see {@link
 * Llama#createForCopying}.
 *
 * <p>The residual stream, C wide, is a constant, the identity of the current token (a random code
 * of I = 3C/8 or less), and what is known of others: the previous token, the one before, and the
 * first token of the current title. H heads share G key/value heads of width D. Each key/value head
 * carries its own slice of the codes and repeats the same circuit on it. What a query head does
 * depends on its place among those that share keys and values:
 *
 * <table>
 * <caption>Roles</caption>
 * <tr><th>layer</th><th>first</th><th>second</th></tr>
 * <tr><td>0</td><td>read the previous token</td><td>read the one before</td></tr>
 * <tr><td>1</td><td>induction: find where the current token, preceded by the previous one, stood
 * before, and write what followed</td><td>find the last token after a separator: where the current
 * title starts</td></tr>
 * <tr><td>last</td><td colspan="2">look at all separators and write the first tokens of the titles
 * before them: what an answer may start with</td></tr>
 * </table>
 *
 * <p>Positions are matched with the fast pairs of the rotary embedding, tokens with the slow ones,
 * which hardly turn within the context. All else is small and normal. Gains undo the root mean
 * square that norms divide by.
 *
 * <p>Source of induction heads: Olsson et al., arXiv:2209.11895.
 */
final class CopyingWeights {
  /** What every token holds, so that heads can look at positions alone. */
  private static final double CONSTANT = 0.5;

  /** Length of what is copied, and of what is proposed, beside the current token's 1. */
  private static final double COPY = 2.2;

  private static final double CHOICE = 1.2;
  private static final double FINAL_NORM = 1.4;

  /** Attention scores, in nats, of what a head looks for. */
  private static final double POSITION_SCORE = 12;

  private static final double MATCH_SCORE = 18;
  private static final double SECOND_SCORE = 6;
  private static final double SEPARATOR_SCORE = 30;
  private static final double RECENCY_SCORE = 20;
  private static final double CHOICE_SCORE = 8;

  /** Radians a slow pair turns within the context at the most, and a fast one a token, at least. */
  private static final double SLOW = 2;

  private static final double FAST = 0.02;
  private static final int FEWEST_SLOW = 16;

  /** Consecutive elements of the residual stream. */
  private record Block(int offset, int size) {}

  private final LlamaConfig config;
  private final int[] separators;
  private final RandomGenerator random;
  private final int width;
  private final int headWidth;
  private final int groups;
  private final int shared;
  private final int slice;
  private final int matched;
  private final int second;
  private final int start;
  private final double[] turns;
  private final int[] slow;
  private final Map<String, float[]> values = new LinkedHashMap<>();

  private CopyingWeights(LlamaConfig config, int[] separators, RandomGenerator random) {
    this.config = config;
    this.separators = separators;
    this.random = random;
    width = config.hiddenSize();
    headWidth = config.headWidth();
    groups = config.keyValueHeads();
    shared = config.heads() / groups;
    turns =
        IntStream.range(0, headWidth / 2)
            .mapToDouble(i -> Math.pow(config.ropeTheta(), -2.0 * i / headWidth))
            .toArray();
    slow = slow();
    slice = Math.min(headWidth, width * 3 / 8 / groups);
    matched = Math.min(slice, slow.length * 3 / 4);
    second = Math.min(slice, slow.length - slow.length * 3 / 4);
    start = Math.min(slice, (width - 1) / groups - slice - matched - second);
    if (matched < 10 || start < 4) {
      throw new IllegalArgumentException(
          "copying needs a larger hidden_size or fewer num_key_value_heads, got %d and %d"
              .formatted(width, groups));
    }
  }

  /**
   * @param separators tokens after which a title starts; none leaves out what needs them
   * @return all weights in F32 on the CPU, in the order of {@link LlamaWeights#shapes}
   * @throws IllegalArgumentException if the sizes leave no room for the circuit, naming the one
   */
  static Map<String, Tensor> create(
      LlamaConfig config, int[] separators, RandomGenerator random) {
    requireRoom(config, separators);
    CopyingWeights weights = new CopyingWeights(config, separators, random);
    Map<String, long[]> shapes = LlamaWeights.shapes(config);
    shapes.forEach((name, shape) -> weights.values.put(name, weights.noise(name, shape)));
    weights.fill();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> tensors.put(name, Tensor.of(weights.values.get(name), shape)));
    return tensors;
  }

  private static void requireRoom(LlamaConfig config, int[] separators) {
    if (config.layers() < 3) {
      throw new IllegalArgumentException(
          "copying needs num_hidden_layers of at least 3, got " + config.layers());
    }
    if (config.heads() < 2 * config.keyValueHeads()) {
      throw new IllegalArgumentException(
          "copying needs num_attention_heads of at least 2 x num_key_value_heads, got %d and %d"
              .formatted(config.heads(), config.keyValueHeads()));
    }
    if (!(config.ropeScaling() instanceof RopeScaling.None)) {
      throw new IllegalArgumentException(
          "copying needs rotary angles as they are, got rope_scaling " + config.ropeScaling());
    }
    for (int token : separators) {
      if (token < 0 || token >= config.vocabularySize()) {
        throw new IllegalArgumentException(
            "separator %d is outside the vocabulary of %d"
                .formatted(token, config.vocabularySize()));
      }
    }
  }

  /** Elements of a head that hardly turn within the context; both of a pair. */
  private int[] slow() {
    int[] elements =
        IntStream.range(0, headWidth)
            .filter(i -> turns[i % turns.length] * config.maxPositions() <= SLOW)
            .toArray();
    if (elements.length < FEWEST_SLOW) {
      throw new IllegalArgumentException(
          "copying needs %d elements of a head that hardly turn within %d positions; head_dim %d with rope_theta %s has %d"
              .formatted(
                  FEWEST_SLOW,
                  config.maxPositions(),
                  headWidth,
                  config.ropeTheta(),
                  elements.length));
    }
    return elements;
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
    for (int group = 0; group < groups; group++) {
      readPrevious(group);
      induce(group);
      if (separators.length > 0) {
        pointToStart(group);
        propose(group);
      }
    }
    Arrays.fill(values.get("model.norm.weight"), (float) FINAL_NORM);
  }

  /** Every token: the constant, then a code of its own of length 1. */
  private void embeddings() {
    float[] table = values.get("model.embed_tokens.weight");
    float each = (float) (1 / Math.sqrt(slice * groups));
    for (int token = 0; token < config.vocabularySize(); token++) {
      for (int i = 0; i < width; i++) {
        table[token * width + i] *= 0.5f;
      }
      table[token * width] = (float) CONSTANT;
      for (int i = 1; i <= slice * groups; i++) {
        table[token * width + i] = random.nextBoolean() ? each : -each;
      }
    }
    if (!config.tiedHead()) {
      values.put("lm_head.weight", table.clone());
    }
  }

  private Block identity(int group, int size) {
    return new Block(1 + group * slice, size);
  }

  private Block previous(int group) {
    return new Block(1 + groups * slice + group * matched, matched);
  }

  private Block second(int group) {
    return new Block(1 + groups * (slice + matched) + group * second, second);
  }

  private Block start(int group) {
    return new Block(1 + groups * (slice + matched + second) + group * start, start);
  }

  /** Share of a code's square length that so many elements of each group hold. */
  private double share(int elements) {
    return (double) elements / slice;
  }

  /** What the norm before layer 0, 1 or the last multiplies by. */
  private double norm(int layer) {
    double square = CONSTANT * CONSTANT + 1;
    if (layer > 0) {
      square += share(matched) + share(second);
    }
    if (layer > 1) {
      square += COPY * COPY + share(start);
    }
    return Math.sqrt(width / square);
  }

  /** Square of an element of a normed code times elements, a head's scale undone. */
  private double overlap(int layer, int elements) {
    double scale = norm(layer);
    return scale * scale * elements / (slice * groups) / Math.sqrt(headWidth);
  }

  private void readPrevious(int group) {
    double balanced = Math.sqrt(1 / norm(0));
    read(0, "v", group, 0, identity(group, slice), balanced);
    double constant = CONSTANT * norm(0);
    double amplitude = Math.sqrt(POSITION_SCORE * Math.sqrt(headWidth)) / constant;
    for (int pair = 0; pair < turns.length; pair++) {
      if (turns[pair] > FAST) {
        add(0, "k", group, pair, 0, amplitude);
        for (int i = 0; i < shared; i++) {
          double phase = -turns[pair] * (i + 1);
          add(0, "q", group * shared + i, pair, 0, amplitude * Math.cos(phase));
          add(0, "q", group * shared + i, pair + turns.length, 0, amplitude * Math.sin(phase));
        }
      }
    }
    write(0, group * shared, previous(group), balanced);
    write(0, group * shared + 1, second(group), balanced);
  }

  private void induce(int group) {
    int head = group * shared;
    double first = Math.sqrt(MATCH_SCORE / overlap(1, matched));
    double further = Math.sqrt(SECOND_SCORE / overlap(1, second));
    readSlow(1, "k", group, 0, previous(group), first);
    readSlow(1, "q", head, 0, identity(group, matched), first);
    readSlow(1, "k", group, matched, second(group), further);
    readSlow(1, "q", head, matched, new Block(previous(group).offset(), second), further);
    double balanced = Math.sqrt(1 / norm(1));
    read(1, "v", group, 0, identity(group, slice), balanced);
    write(1, head, identity(group, slice), COPY * balanced);
  }

  /** Shares keys and values with the induction head; adds nearness, which that does not read. */
  private void pointToStart(int group) {
    int head = group * shared + 1;
    double constant = CONSTANT * norm(1);
    double key = Math.sqrt(MATCH_SCORE / overlap(1, matched));
    lookForSeparators(1, head, group, SEPARATOR_SCORE / (overlap(1, matched) * key));
    double amplitude = Math.sqrt(RECENCY_SCORE * Math.sqrt(headWidth)) / constant;
    for (int pair = 0; pair < turns.length; pair++) {
      if (turns[pair] > FAST && turns[pair] < 0.5) {
        add(1, "k", group, pair, 0, amplitude);
        double share = turns[pair] > 0.2 ? 0.3 : turns[pair] > 0.05 ? 1 : 0.6;
        add(1, "q", head, pair, 0, amplitude * share);
      }
    }
    write(1, head, start(group), Math.sqrt(1 / norm(1)));
  }

  private void propose(int group) {
    int last = config.layers() - 1;
    double key = Math.sqrt(CHOICE_SCORE / overlap(last, matched));
    readSlow(last, "k", group, 0, identity(group, matched), key);
    double balanced = Math.sqrt(1 / norm(last));
    read(last, "v", group, 0, start(group), balanced);
    for (int head = group * shared; head < (group + 1) * shared; head++) {
      lookForSeparators(last, head, group, key);
      write(last, head, identity(group, start), CHOICE / shared * balanced);
    }
  }

  /** Lets a query look for separators as if the current token were all of them. */
  private void lookForSeparators(int layer, int head, int group, double factor) {
    float[] table = values.get("model.embed_tokens.weight");
    int offset = identity(group, matched).offset();
    for (int separator : separators) {
      for (int i = 0; i < matched; i++) {
        double code = table[separator * width + offset + i];
        add(layer, "q", head, slow[i], 0, factor * code / CONSTANT);
      }
    }
  }

  private void readSlow(
      int layer, String projection, int head, int from, Block block, double factor) {
    for (int i = 0; i < block.size(); i++) {
      add(layer, projection, head, slow[from + i], block.offset() + i, factor);
    }
  }

  private void read(
      int layer, String projection, int head, int from, Block block, double factor) {
    for (int i = 0; i < block.size(); i++) {
      add(layer, projection, head, from + i, block.offset() + i, factor);
    }
  }

  private void add(
      int layer, String projection, int head, int element, int column, double value) {
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
