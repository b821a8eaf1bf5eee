package dev.ilora.data;

import dev.ilora.Counted;

/**
 * The positions of one user's sequence that belong to one part of a split: targets are {@code from
 * .. to-1}, histories are whatever came before each of them.
 *
 * @param user the whole sequence
 * @param from first position that is a target
 * @param to one past the last position that is a target
 */
public record Window(UserSequence user, int from, int to) {
  /** Refuses positions outside the sequence. */
  public Window {
    if (from < 0 || from > to || to > user.length()) {
      throw new IllegalArgumentException(
          "window %s .. %s does not fit user %s with %s"
              .formatted(from, to, user.user(), Counted.of(user.length(), "interaction")));
    }
  }
}
