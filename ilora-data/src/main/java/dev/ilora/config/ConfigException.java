package dev.ilora.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The user's configuration or command line cannot be used. Carries every mistake found; the command
 * line shows them all and exits with 2.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ArrayList<String> mistakes;

  /** One mistake. */
  public ConfigException(String mistake) {
    this(List.of(mistake));
  }

  /**
   * Several mistakes, in the order they should be read.
   *
   * @throws IllegalArgumentException if there is none
   */
  public ConfigException(List<String> mistakes) {
    super(message(mistakes));
    this.mistakes = new ArrayList<>(mistakes);
  }

  /** All mistakes, at least one, each a line that says where, what and what was expected. */
  public List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  private static String message(List<String> mistakes) {
    return switch (mistakes.size()) {
      case 0 -> throw new IllegalArgumentException("a ConfigException needs at least one mistake");
      case 1 -> mistakes.getFirst();
      default -> mistakes.size() + " mistakes:\n  " + String.join("\n  ", mistakes);
    };
  }
}
