package dev.ilora.recommender;

import dev.ilora.nn.DropoutMask;
import dev.ilora.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * What a network drops in training: values at random, the others scaled up in return.
 *
 * @param probability share of values dropped, in [0, 1)
 * @param random decides which, on one thread at a time
 */
public record Dropout(double probability, RandomGenerator random) {
  /** Drops nothing. */
  public static final Dropout NONE = new Dropout(0, null);

  Tensor of(Tensor x) {
    return probability == 0
        ? x
        : DropoutMask.draw(probability, random, x.device(), x.shape()).apply(x);
  }
}
