package dev.ilora.hybrid;

import dev.ilora.BadInputException;
import dev.ilora.Randomness;
import dev.ilora.nn.Initialisers;
import dev.ilora.nn.SharedWeights;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.WeightLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Maps a recommender's embeddings into the language model's: {@code W2 · gelu(W1 · s·e + b1) + b2}.
 *
 * <p>E embedding width of the recommender, C width of the language model, N embeddings. The fixed
 * scale s brings the recommender's embeddings to unit size, whatever its training left them at.
 *
 * <p>Source: Liao et al., LLaRA, arXiv:2312.02445, section 3.2.
 */
public final class Projector {
  private final Map<String, Tensor> parameters;
  private final double scale;

  private Projector(Map<String, Tensor> parameters, double scale) {
    this.parameters = parameters;
    this.scale = scale;
  }

  /**
   * A new projector whose outputs begin at the size of the model's token embeddings.
   *
   * @param inputSize root mean square of the recommender's embeddings
   * @param outputSize root mean square of the model's token embeddings
   */
  public static Projector create(
      int inputWidth,
      int outputWidth,
      double inputSize,
      double outputSize,
      long seed,
      Device device) {
    RandomGenerator random = Randomness.initialWeights(seed);
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    // Deviations that keep unit inputs at unit size: E values in, and gelu keeps 0.42 of the power.
    parameters.put(
        "w1", Initialisers.normal(random, 1 / Math.sqrt(inputWidth), outputWidth, inputWidth));
    parameters.put("b1", Tensor.zeros(outputWidth));
    parameters.put(
        "w2",
        Initialisers.normal(
            random, outputSize / Math.sqrt(0.42 * outputWidth), outputWidth, outputWidth));
    parameters.put("b2", Tensor.zeros(outputWidth));
    parameters.replaceAll((name, tensor) -> tensor.to(device).requiresGrad(true));
    return new Projector(parameters, 1 / Math.max(inputSize, 1e-12));
  }

  /** The same weights with gradients of their own, for another thread's backward passes. */
  public Projector shadow() {
    return new Projector(SharedWeights.shadows(parameters), scale);
  }

  /**
   * The same weights for embeddings of another size.
   *
   * @param inputSize root mean square of the embeddings
   */
  public Projector forInputs(double inputSize) {
    return new Projector(parameters, 1 / Math.max(inputSize, 1e-12));
  }

  /** The root mean square of embeddings: what a projector's inputs and outputs are measured by. */
  public static double size(Tensor embeddings) {
    try (var _ = Scope.open()) {
      return Math.sqrt(embeddings.detach().to(DType.F32).square().mean().item());
    }
  }

  /** Returns embeddings (N, E) projected to (N, C). */
  public Tensor project(Tensor embeddings) {
    return embeddings
        .mul(scale)
        .linear(parameters.get("w1"), parameters.get("b1"))
        .gelu()
        .linear(parameters.get("w2"), parameters.get("b2"));
  }

  /** The trained tensors, by name. */
  public Map<String, Tensor> parameters() {
    return parameters;
  }

  /** Writes the projector to a file. */
  public void save(Path file) {
    SafeTensors.write(file, parameters, Map.of("scale", Double.toString(scale)));
  }

  /**
   * Reads a projector.
   *
   * @throws BadInputException if a tensor is missing or has another shape
   */
  public static Projector load(Path file, int inputWidth, int outputWidth, Device device) {
    try (SafeTensors stored = SafeTensors.open(file)) {
      String what = "a projector from %s to %s values".formatted(inputWidth, outputWidth);
      Map<String, Tensor> parameters =
          layout(inputWidth, outputWidth).load(stored, what, device, DType.F32);
      parameters.values().forEach(parameter -> parameter.requiresGrad(true));
      return new Projector(parameters, scale(file, stored.metadata().get("scale")));
    }
  }

  private static WeightLayout layout(int inputWidth, int outputWidth) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("w1", new long[] {outputWidth, inputWidth});
    shapes.put("b1", new long[] {outputWidth});
    shapes.put("w2", new long[] {outputWidth, outputWidth});
    shapes.put("b2", new long[] {outputWidth});
    return WeightLayout.of(shapes);
  }

  private static double scale(Path file, String text) {
    try {
      return Double.parseDouble(text == null ? "" : text);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          file, "metadata 'scale': expected a number, got '%s'".formatted(text));
    }
  }
}
