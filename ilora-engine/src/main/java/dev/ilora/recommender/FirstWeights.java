package dev.ilora.recommender;

import dev.ilora.nn.Initialisers;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.WeightLayout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Fresh weights, with the distributions the released models started from. */
final class FirstWeights {
  private FirstWeights() {}

  static SequenceRecommender create(Architecture architecture, long seed, Device device) {
    RandomGenerator random = new SplittableRandom(seed);
    Map<String, Tensor> weights =
        layout(architecture)
            .create(device, (name, shape) -> first(architecture, name, shape, random));
    weights.values().forEach(weight -> weight.requiresGrad(true));
    return of(architecture, weights);
  }

  /** All weights, in the released order. */
  static WeightLayout layout(Architecture architecture) {
    int items = architecture.itemCount();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("item_embeddings.weight", new long[] {items + 1, architecture.width()});
    shapes.putAll(
        switch (architecture.model()) {
          case SASREC -> SasRec.shapes(architecture);
          case GRU4REC -> Gru4Rec.shapes(architecture);
          case CASER -> Caser.shapes(architecture);
        });
    shapes.put("s_fc.weight", new long[] {items, architecture.sequenceWidth()});
    shapes.put("s_fc.bias", new long[] {items});
    return WeightLayout.of(shapes);
  }

  static SequenceRecommender of(Architecture architecture, Map<String, Tensor> owned) {
    Map<String, Tensor> weights = Collections.unmodifiableMap(owned);
    return switch (architecture.model()) {
      case SASREC -> new SasRec(architecture, weights);
      case GRU4REC -> new Gru4Rec(architecture, weights);
      case CASER -> new Caser(architecture, weights);
    };
  }

  private static Tensor first(
      Architecture architecture, String name, long[] shape, RandomGenerator random) {
    boolean bias = name.contains("bias");
    if (name.equals("item_embeddings.weight")) {
      double deviation = architecture.model() == Architecture.Model.SASREC ? 1 : 0.01;
      return Initialisers.normal(random, deviation, shape);
    }
    if (name.equals("positional_embeddings.weight")) {
      return Initialisers.normal(random, 1, shape);
    }
    if (name.contains("ln_") || name.contains("layer_norm")) {
      return Tensor.zeros(shape).fillInPlace(bias ? 0 : 1);
    }
    if (name.contains("_cnn")) {
      return bias ? Tensor.zeros(shape).fillInPlace(0.1) : Initialisers.xavierNormal(random, shape);
    }
    // Linear and recurrent layers: ±1/√inputs, biases too.
    int inputs = name.startsWith("s_fc") ? architecture.sequenceWidth() : architecture.width();
    return Initialisers.uniform(random, 1 / Math.sqrt(inputs), shape);
  }
}
