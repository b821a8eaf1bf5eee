package dev.ilora.adapter;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which modules an {@code adapter_config.json} means, by PEFT's rules.
 *
 * @param targets of {@code target_modules}
 * @param excluded of {@code exclude_modules}
 * @param layers of {@code layers_to_transform}, empty for all
 * @param layersPatterns of {@code layers_pattern}, empty for any name before the layer's number
 */
record PeftTargets(
    Names targets, Optional<Names> excluded, Set<Integer> layers, List<Pattern> layersPatterns) {
  private static final Pattern ANY_LAYER = Pattern.compile(".*\\.[^.]*\\.(\\d+)\\.");

  /** Names of modules. */
  sealed interface Names extends Predicate<String> {
    /**
     * A list.
     *
     * @param names paths, or their last parts
     */
    record Listed(List<String> names) implements Names {
      @Override
      public boolean test(String path) {
        return names.stream().anyMatch(name -> path.equals(name) || path.endsWith("." + name));
      }
    }

    /**
     * A regular expression.
     *
     * @param pattern of whole paths
     */
    record Matching(Pattern pattern) implements Names {
      @Override
      public boolean test(String path) {
        return pattern.matcher(path).matches();
      }
    }
  }

  /** Whether a module is adapted. */
  boolean includes(LoraModule module) {
    String path = module.path();
    if (excluded.isPresent() && excluded.get().test(path) || !targets.test(path)) {
      return false;
    }
    // PEFT looks at layers where a list names the last parts of paths, and nowhere else.
    boolean byLayer =
        !layers.isEmpty()
            && targets instanceof Names.Listed(List<String> names)
            && !names.contains(path);
    return !byLayer || layers.contains(layerOf(path));
  }

  private Integer layerOf(String path) {
    for (Pattern pattern : layersPatterns.isEmpty() ? List.of(ANY_LAYER) : layersPatterns) {
      Matcher matcher = pattern.matcher(path);
      if (matcher.lookingAt()) {
        return Integer.valueOf(matcher.group(1));
      }
    }
    return -1;
  }

  /** The projections that are adapted in at least one layer of some decoder. */
  Set<Projection> projections() {
    Set<Projection> found = EnumSet.noneOf(Projection.class);
    for (LoraModule.Kind kind : LoraModule.Kind.values()) {
      if (!found.containsAll(kind.parts()) && isTarget(kind)) {
        found.addAll(kind.parts());
      }
    }
    return found;
  }

  private boolean isTarget(LoraModule.Kind kind) {
    for (int layer = 0; layer < DecoderShape.MOST_LAYERS; layer++) {
      if (includes(new LoraModule(layer, kind))) {
        return true;
      }
    }
    return false;
  }
}
