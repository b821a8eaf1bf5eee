package dev.ilora.bench;

import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.DecoderShape;
import dev.ilora.adapter.Projection;
import dev.ilora.llm.LlamaConfig;
import java.util.List;

/**
 * The matrix products that training and scoring cannot do without, in floating-point operations (a
 * multiplication and an addition are two): what utilisation is measured by. Everything else is left
 * out: element-wise work, norms, the projectors and the recommender, padding, and whatever is
 * computed twice.
 *
 * <p>Of a sequence of n real tokens, of which the last a are asked for their next one and s hold a
 * slot, through a layer with weights (O, I), head width D, H heads:
 *
 * <pre>{@code
 * frozen projection      forward 2·m·O·I, input gradient 2·m·O·I
 * its adapter of rank R  forward 2·m·R·(I + O), gradient of A and B the same, of the input the same
 * attention              forward 4·H·D a pair of a token and one it sees, gradients twice that
 * head                   forward 2·a·C·V, input gradient 2·a·C·V
 * }</pre>
 *
 * <p>m is n, but in the last layer a for queries, output and feed-forward: only there is the result
 * used. The input gradient of the first layer's queries, keys and values is needed at the s slots
 * alone: nothing before it is trained but what fills them.
 */
public final class NecessaryWork {
  private final LlamaConfig config;
  private final DecoderShape shape;
  private final AdapterConfig adapters;

  /**
   * A sequence of a batch.
   *
   * @param tokens n, prompt and answer without the answer's last token, which predicts nothing
   * @param asked a, positions whose next token is predicted: the last ones
   * @param slots s, positions that hold a trained embedding
   */
  public record Sequence(int tokens, int asked, int slots) {}

  /**
   * @param adapters which projections are adapted and with which rank, or null for the frozen model
   *     alone
   */
  public NecessaryWork(LlamaConfig config, AdapterConfig adapters) {
    this.config = config;
    this.shape = config.shape();
    this.adapters = adapters;
  }

  /** Operations of one step's forward and backward pass over a batch. */
  public double trainingStep(List<Sequence> batch) {
    return batch.stream().mapToDouble(this::sequence).sum();
  }

  /**
   * Operations of reading a prompt up to the scores of the token that follows it.
   *
   * @param tokens of the prompt
   */
  public double prompt(int tokens) {
    double sum = head(1);
    for (int layer = 0; layer < config.layers(); layer++) {
      double asking = layer == config.layers() - 1 ? 1 : tokens;
      sum += attention(tokens, (int) asking);
      for (Projection projection : Projection.values()) {
        sum += forward(projection, isReadByAll(projection) ? tokens : asking);
      }
    }
    return sum;
  }

  /**
   * Operations of scoring all that may follow the inner nodes of a token tree, its prompt read.
   *
   * @param prompt tokens of the prompt, which every node sees
   * @param depths how many nodes lie above each inner node
   */
  public double tree(int prompt, int[] depths) {
    double pairs = 0;
    for (int depth : depths) {
      pairs += prompt + depth + 1;
    }
    double layer = 4 * pairs * config.heads() * config.headWidth();
    for (Projection projection : Projection.values()) {
      layer += forward(projection, depths.length);
    }
    return head(depths.length) + config.layers() * layer;
  }

  private double head(double positions) {
    return 2 * positions * config.hiddenSize() * config.vocabularySize();
  }

  private double forward(Projection projection, double tokens) {
    double in = shape.inputOf(projection);
    double out = shape.outputOf(projection);
    return 2
        * tokens
        * (in * out + (isAdapted(projection) ? adapters.totalRank() * (in + out) : 0));
  }

  private boolean isAdapted(Projection projection) {
    return adapters != null && adapters.targets().contains(projection);
  }

  private static boolean isReadByAll(Projection projection) {
    return projection == Projection.K_PROJ || projection == Projection.V_PROJ;
  }

  private double sequence(Sequence sequence) {
    double sum = 2 * head(sequence.asked());
    for (int layer = 0; layer < config.layers(); layer++) {
      boolean last = layer == config.layers() - 1;
      sum += 3 * attention(sequence.tokens(), last ? sequence.asked() : sequence.tokens());
      for (Projection projection : Projection.values()) {
        double forward = last && !isReadByAll(projection) ? sequence.asked() : sequence.tokens();
        double backward = layer == 0 && readsLayerInput(projection) ? sequence.slots() : forward;
        sum += projection(projection, forward, backward);
      }
    }
    return sum;
  }

  private static boolean readsLayerInput(Projection projection) {
    return switch (projection) {
      case Q_PROJ, K_PROJ, V_PROJ -> true;
      case O_PROJ, GATE_PROJ, UP_PROJ, DOWN_PROJ -> false;
    };
  }

  /**
   * @param forward tokens it is computed for
   * @param inputGradient tokens whose input needs a gradient
   */
  private double projection(Projection projection, double forward, double inputGradient) {
    double in = shape.inputOf(projection);
    double out = shape.outputOf(projection);
    double frozen = 2 * in * out * (forward + Math.min(forward, inputGradient));
    if (!isAdapted(projection)) {
      return frozen;
    }
    double rank = adapters.totalRank();
    double down = 2 * rank * in;
    double up = 2 * rank * out;
    // down: forward, gradient of A, gradient of x; up: forward, gradient of B, gradient inside
    return frozen + down * (2 * forward + Math.min(forward, inputGradient)) + up * 3 * forward;
  }

  /** Forward: scores and weighted values of the last {@code asking} of {@code tokens} tokens. */
  private double attention(int tokens, int asking) {
    double before = tokens - asking;
    double pairs = asking * (before + (asking + 1) / 2.0);
    return 4 * pairs * config.heads() * config.headWidth();
  }
}
