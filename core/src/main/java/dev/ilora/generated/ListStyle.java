package dev.ilora.generated;

import java.util.random.RandomGenerator;

/** What a list tells beside titles. */
enum ListStyle {
  PLAIN,
  NUMBERED,
  WITH_VALUES;

  static ListStyle draw(RandomGenerator random) {
    return values()[random.nextInt(values().length)];
  }
}
