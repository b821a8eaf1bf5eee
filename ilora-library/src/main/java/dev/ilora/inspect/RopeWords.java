package dev.ilora.inspect;

import dev.ilora.llm.Rope;
import dev.ilora.llm.RopeScaling;
import java.util.Locale;

/** How positions enter a layer, in words. */
final class RopeWords {
  private RopeWords() {}

  static String of(Rope rope, int headWidth) {
    if (rope.width() == 0) {
      return "no positions";
    }
    String part =
        rope.width() == headWidth
            ? ""
            : ", the first %s of %s elements of a head".formatted(rope.width(), headWidth);
    return "rotary positions, base " + number(rope.theta()) + part + scaled(rope.scaling());
  }

  private static String scaled(RopeScaling scaling) {
    return switch (scaling) {
      case RopeScaling.None _ -> "";
      case RopeScaling.Linear(double factor) -> ", linear scaling by " + number(factor);
      case RopeScaling.Dynamic(double factor, int context) ->
          ", dynamic scaling by %s beyond %s tokens".formatted(number(factor), number(context));
      case RopeScaling.Llama3 rope ->
          ", llama3 scaling by %s from a context of %s"
              .formatted(number(rope.factor()), number(rope.originalContext()));
      case RopeScaling.Yarn rope ->
          ", yarn scaling by %s from a context of %s"
              .formatted(number(rope.factor()), number(rope.originalContext()));
      case RopeScaling.LongRope rope ->
          ", longrope scaling beyond %s tokens".formatted(number(rope.originalContext()));
    };
  }

  /** A number without needless decimals. */
  static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : Double.toString(value);
  }
}
