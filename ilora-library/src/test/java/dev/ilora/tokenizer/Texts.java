package dev.ilora.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random text for properties. */
public final class Texts {
  public static final List<String> TITLES =
      List.of(
          "Toy Story",
          "GoldenEye",
          "Röyksopp",
          "Café Del Mar",
          "Sigur Rós",
          "Star Wars",
          "Star Wars: Episode V - The Empire Strikes Back",
          "Half-Life 2: Episode One",
          "Amélie (2001)",
          "千と千尋の神隠し",
          "Ирония судьбы",
          "!!!",
          "Mötley Crüe's Greatest  Hits",
          "10,000 Maniacs");

  private static final String[] WORDS = {
    "the",
    " star",
    " wars",
    " of",
    " love",
    " 1995",
    "'s",
    "  ",
    "\n",
    "é",
    "ß",
    " 東京",
    "🎬",
    "a\tb",
    " A",
    "(",
    ")",
    ", ",
    "!?",
    "´",
    "\u00a0",
    "ﬁ",
    "<s>",
    "</s>",
    "<slot>",
    "<pad>",
    "[CansHere]"
  };

  private Texts() {}

  static String random(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    int words = random.nextInt(12);
    for (int i = 0; i < words; i++) {
      if (random.nextInt(3) == 0) {
        text.appendCodePoint(codePoint(random));
      } else {
        text.append(WORDS[random.nextInt(WORDS.length)]);
      }
    }
    return text.toString();
  }

  /** A letter, digit, sign or space whose kind no Unicode version disputes. */
  private static int codePoint(RandomGenerator random) {
    int[][] ranges = {
      {0x20, 0x7e},
      {0xa1, 0x24f},
      {0x391, 0x3a1},
      {0x410, 0x44f},
      {0x4e00, 0x9fa5},
      {0x1f600, 0x1f64f}
    };
    int[] range = ranges[random.nextInt(ranges.length)];
    return random.nextInt(range[0], range[1] + 1);
  }

  public static List<String> lines(RandomGenerator random, int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(TITLES.get(random.nextInt(TITLES.size())) + random(random));
    }
    return lines;
  }
}
