package dev.ilora.adapter;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A number for each module: {@code rank_pattern} or {@code alpha_pattern}. The first key that fits
 * the end of a module's path counts.
 */
final class PeftPattern {
  private final Map<Pattern, Double> values = new LinkedHashMap<>();
  private final double otherwise;

  /**
   * @param values by regular expression, in the file's order
   * @param otherwise for modules that none fits
   * @throws java.util.regex.PatternSyntaxException if a key is no regular expression
   */
  PeftPattern(Map<String, Double> values, double otherwise) {
    values.forEach(
        (key, value) -> this.values.put(Pattern.compile("(.*\\.)?(" + key + ")$"), value));
    this.otherwise = otherwise;
  }

  double of(LoraModule module) {
    for (var entry : values.entrySet()) {
      if (entry.getKey().matcher(module.path()).lookingAt()) {
        return entry.getValue();
      }
    }
    return otherwise;
  }

  boolean isEmpty() {
    return values.isEmpty();
  }
}
