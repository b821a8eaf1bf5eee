package dev.ilora.synthetic;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** Where the titles of made-up worlds come from. */
public sealed interface TitleSource permits TitleMaker, CatalogueTitles {
  /** Draws a title of one line. */
  String draw(RandomGenerator random);

  /** Draws a title of one or two words, where titles can be made here; any otherwise. */
  String brief(RandomGenerator random);

  /** Draws a word such as titles hold. */
  String word(RandomGenerator random);

  /** Draws a value of an attribute that a title's item has, if any is known. */
  Optional<String> value(String title, RandomGenerator random);

  /** Whether {@link #with} and {@link #beginning} can make titles. */
  boolean inventive();

  /**
   * Draws a title that holds a word.
   *
   * @throws IllegalStateException if titles cannot be made here
   */
  String with(String word, RandomGenerator random);

  /**
   * Draws a title that begins with a word, or with several.
   *
   * @throws IllegalStateException if titles cannot be made here
   */
  String beginning(String word, RandomGenerator random);
}
