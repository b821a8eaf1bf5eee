package dev.ilora.cli;

import dev.ilora.config.ConfigException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Words of the command line that name one of a few constants. */
final class EnumWord {
  private EnumWord() {}

  /** The word of a constant. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The constant of a name, in any case, with a hyphen or an underscore.
   *
   * @param what the option or parameter, for the message
   * @throws ConfigException if none is called so
   */
  static <E extends Enum<E>> E of(E[] all, String what, String given) {
    return Arrays.stream(all)
        .filter(one -> one.name().equalsIgnoreCase(given.replace('-', '_')))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "%s: expected one of %s, got %s"
                        .formatted(
                            what,
                            Arrays.stream(all).map(EnumWord::of).collect(Collectors.joining(", ")),
                            given)));
  }
}
