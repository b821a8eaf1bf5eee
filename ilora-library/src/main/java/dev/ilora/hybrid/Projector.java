package dev.ilora.hybrid;

import dev.ilora.BadInputException;
import dev.ilora.Randomness;
import dev.ilora.nn.Initialisers;
import dev.ilora.nn.SharedWeights;
import dev.ilora.recommender.Architecture;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.tensor.WeightLayout;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Maps a recommender's embeddings into the language model's: {@code r · (W2 · gelu(W1 · s·e + b1) +
 * b2)}.
 *
 * <p>E embedding width of the recommender, C width of the language model, N embeddings. The fixed
 * scale s brings the recommender's embeddings to unit size, whatever its training left them at. The
 * fixed scale r brings unit outputs to the size of token embeddings, so that a step of a given rate
 * moves vectors by the same share of a token's size in every model.
 *
 * <p>Source: Liao et al., LLaRA, arXiv:2312.02445, section 3.2.
 */
public final class Projector {
  /** The scale of embeddings that are as good as zero. */
  private static final double LARGEST_SCALE = 1e12;

  private static final String SCALE = "scale";
  private static final String OUTPUT_SCALE = "outputScale";
  private static final String SILENT = "silentItems";

  private final Map<String, Tensor> parameters;
  private final double scale;
  private final double outputScale;
  private final BitSet silent;

  private Projector(
      Map<String, Tensor> parameters, double scale, double outputScale, BitSet silent) {
    this.parameters = parameters;
    this.scale = scale;
    this.outputScale = outputScale;
    this.silent = silent;
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
    return new Projector(parameters, 1 / Math.max(inputSize, 1 / LARGEST_SCALE), 1, new BitSet());
  }

  /** The same weights with gradients of their own, for another thread's backward passes. */
  public Projector shadow() {
    return new Projector(SharedWeights.shadows(parameters), scale, outputScale, silent);
  }

  /**
   * The same weights for embeddings of another size.
   *
   * @param inputSize root mean square of the embeddings
   */
  public Projector forInputs(double inputSize) {
    return new Projector(
        parameters, 1 / Math.max(inputSize, 1 / LARGEST_SCALE), outputScale, silent);
  }

  /**
   * The same weights with outputs of another size: training leaves the factor as it is.
   *
   * @param factor r, above 0
   */
  public Projector outputScale(double factor) {
    return new Projector(
        parameters,
        scale,
        Math.clamp(outputScale * factor, 1 / LARGEST_SCALE, LARGEST_SCALE),
        silent);
  }

  /** What its outputs are multiplied by outside its weights. */
  public double outputScale() {
    return outputScale;
  }

  /** Multiplies all outputs, by a factor that is trained from then on; returns this projector. */
  public Projector times(double factor) {
    if (factor != 1) {
      Torch.noGrad(
          () -> {
            parameters.get("w2").mulInPlace(factor);
            parameters.get("b2").mulInPlace(factor);
          });
    }
    return this;
  }

  /**
   * The same weights, silent about some items: those that the recommender met too seldom for their
   * vectors to mean anything.
   */
  public Projector silentAbout(BitSet items) {
    return new Projector(parameters, scale, outputScale, (BitSet) items.clone());
  }

  /** The items it is silent about. */
  public BitSet silent() {
    return (BitSet) silent.clone();
  }

  /**
   * Returns the projected embeddings of items, zero for those it is silent about.
   *
   * @param embeddings (N, E)
   * @param items N item ids
   * @return (N, C)
   */
  Tensor project(Tensor embeddings, int[] items) {
    Tensor projected = project(embeddings);
    if (silent.isEmpty()) {
      return projected;
    }
    float[] heard = new float[items.length];
    for (int i = 0; i < heard.length; i++) {
      heard[i] = silent.get(items[i]) ? 0 : 1;
    }
    return projected.mul(Tensor.of(heard, heard.length, 1).to(projected.device()));
  }

  /** The root mean square of embeddings: what a projector's inputs and outputs are measured by. */
  public static double size(Tensor embeddings) {
    try (var _ = Scope.open()) {
      return Math.sqrt(embeddings.detach().to(DType.F32).square().mean().item());
    }
  }

  /** Returns embeddings (N, E) projected to (N, C). */
  public Tensor project(Tensor embeddings) {
    Tensor projected =
        embeddings
            .mul(scale)
            .linear(parameters.get("w1"), parameters.get("b1"))
            .gelu()
            .linear(parameters.get("w2"), parameters.get("b2"));
    return outputScale == 1 ? projected : projected.mul(outputScale);
  }

  /** The trained tensors, by name. */
  public Map<String, Tensor> parameters() {
    return parameters;
  }

  /** Writes the projector to a file. */
  public void save(Path file) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(SCALE, Double.toString(scale));
    if (outputScale != 1) {
      metadata.put(OUTPUT_SCALE, Double.toString(outputScale));
    }
    if (!silent.isEmpty()) {
      metadata.put(
          SILENT, silent.stream().mapToObj(Integer::toString).collect(Collectors.joining(",")));
    }
    SafeTensors.write(file, parameters, metadata);
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
      return new Projector(
          parameters,
          scale(file, SCALE, stored.metadata().get(SCALE)),
          scale(file, OUTPUT_SCALE, stored.metadata().getOrDefault(OUTPUT_SCALE, "1")),
          silent(file, stored.metadata().getOrDefault(SILENT, "")));
    }
  }

  private static BitSet silent(Path file, String text) {
    BitSet items = new BitSet();
    if (text.isEmpty()) {
      return items;
    }
    for (String item : text.split(",", -1)) {
      if (!item.matches("\\d{1,9}") || Integer.parseInt(item) >= Architecture.MOST_ITEMS) {
        throw new BadInputException(
            file, "metadata '%s': expected numbers of items, got '%s'".formatted(SILENT, item));
      }
      items.set(Integer.parseInt(item));
    }
    return items;
  }

  private static WeightLayout layout(int inputWidth, int outputWidth) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("w1", new long[] {outputWidth, inputWidth});
    shapes.put("b1", new long[] {outputWidth});
    shapes.put("w2", new long[] {outputWidth, outputWidth});
    shapes.put("b2", new long[] {outputWidth});
    return WeightLayout.of(shapes);
  }

  private static double scale(Path file, String name, String text) {
    try {
      double scale = Double.parseDouble(text == null ? "" : text);
      if (scale > 0 && scale <= LARGEST_SCALE) {
        return scale;
      }
    } catch (NumberFormatException e) {
      // said below, as for a number out of range
    }
    throw new BadInputException(
        file,
        "metadata '%s': expected a number above 0 and at most %s, got '%s'"
            .formatted(name, LARGEST_SCALE, text));
  }
}
