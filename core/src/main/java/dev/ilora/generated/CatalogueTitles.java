package dev.ilora.generated;

import java.util.List;
import java.util.random.RandomGenerator;

/** The titles of a catalogue, to accustom a model to them without telling it about users. */
public final class CatalogueTitles implements TitleSource {
  private final List<String> titles;

  /**
   * @param titles at least {@link GeneratedWorld#ITEMS} different ones
   * @throws IllegalArgumentException if there are fewer
   */
  public CatalogueTitles(List<String> titles) {
    this.titles = titles.stream().distinct().toList();
    if (this.titles.size() < GeneratedWorld.ITEMS) {
      throw new IllegalArgumentException(
          "expected at least %d different titles, got %d"
              .formatted(GeneratedWorld.ITEMS, this.titles.size()));
    }
  }

  @Override
  public String draw(RandomGenerator random) {
    return titles.get(random.nextInt(titles.size()));
  }

  @Override
  public String brief(RandomGenerator random) {
    return draw(random);
  }

  @Override
  public String word(RandomGenerator random) {
    String[] words = draw(random).split(" ");
    return words[random.nextInt(words.length)];
  }

  @Override
  public boolean inventive() {
    return false;
  }

  @Override
  public String with(String word, RandomGenerator random) {
    throw new IllegalStateException("a catalogue's titles are given");
  }
}
