package dev.ilora.runs;

import dev.ilora.files.JsonLine;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One point of a training curve: named numbers at a step.
 *
 * @param step optimiser steps done, from 0
 * @param values name to finite value; the names below where they fit
 */
public record TrainingPoint(long step, Map<String, Double> values) {
  /** Training loss of the step, nats a token. */
  public static final String LOSS = "loss";

  /** Learning rate of the adapters. */
  public static final String LEARNING_RATE = "learningRate";

  /** Training speed of the step. */
  public static final String TOKENS_PER_SECOND = "tokensPerSecond";

  /** Passes over the training rows that have ended. */
  public static final String EPOCH = "epoch";

  /** HR@1 of the validation rows. */
  public static final String VALIDATION_HIT_RATE = "validationHitRate";

  /** Mean reciprocal rank of the validation rows. */
  public static final String VALIDATION_RECIPROCAL_RANK = "validationMrr";

  private static final String STEP = "step";

  /** Checks that values are finite and none is named {@code step}; keeps their order. */
  public TrainingPoint {
    values.forEach(
        (name, value) -> {
          if (name.equals(STEP)) {
            throw new IllegalArgumentException("a value must not be named 'step'");
          }
          if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                "step " + step + ": value of '" + name + "' is " + value + ", not finite");
          }
        });
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  Map<String, Object> line() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(STEP, step);
    line.putAll(values);
    return line;
  }

  static TrainingPoint of(JsonLine line) {
    Map<String, Double> values = line.numbers();
    values.remove(STEP);
    return new TrainingPoint(line.longInteger(STEP), values);
  }
}
