package dev.ilora.synthetic;

import java.util.random.RandomGenerator;

/** What a list tells beside titles. */
enum ListStyle {
  PLAIN,
  NUMBERED,
  WITH_VALUES;

  static ListStyle draw(RandomGenerator random) {
    int drawn = random.nextInt(20);
    return drawn < 11 ? PLAIN : drawn < 16 ? NUMBERED : WITH_VALUES;
  }
}
