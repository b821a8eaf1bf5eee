package dev.ilora.synthetic;

import java.util.random.RandomGenerator;

/** How titles carry vectors. */
enum TitleForm {
  /** They carry none. */
  NONE,
  /** Added to the title's tokens. */
  ADDED,
  /** In a slot after the title. */
  SLOT,
  /** Added to the tokens, and in a slot. */
  BOTH;

  /** Draws one that carries vectors. */
  static TitleForm draw(RandomGenerator random) {
    return switch (random.nextInt(5)) {
      case 0 -> SLOT;
      case 1 -> BOTH;
      default -> ADDED;
    };
  }
}
