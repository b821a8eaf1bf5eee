package dev.ilora.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes up titles of films, songs, games, products and names of artists: English words in the
 * shapes such titles have, subtitles, words said twice, numbers, initials, punctuation, trademark
 * and other signs, invented names, and words of letters that English has not.
 */
public final class TitleMaker implements TitleSource {
  private static final String[] STARTS =
      "b br c ch cl d dr f fl g gr h j k kr l m n p pr qu r s sh sk st str t th tr v w y z Ø É Å"
          .split(" ");
  private static final String[] VOWELS =
      "a a a e e e i i o o o u y ai au ea ee ei ie oo ou é ö ü á í ø å".split(" ");
  private static final String[] ENDS =
      "b ck d f g l ll m n n n nd ng nt r r rd rk s s sh st t t th x z ß ñ".split(" ");
  private static final String[] SUFFIXES =
      "II,III,IV,V,2,3,4,5,HD,3D,2000,Jr.,Live,Deluxe,Edition,Remix,Online,(Remastered),vs.,Vol. 1"
          .split(",");
  private static final String[] LINKS = {
    " of the ", " of ", " and the ", " and ", " & ", " in ", " in the ", " to ", " with ", " for "
  };
  private static final String[] BREAKS = {
    ": ", ": ", ": ", ": ", ": ", " - ", " - ", ", ", " / ", "! ", ". ", "? ", " | ", " – ", "; "
  };
  private static final String[] MARKS = {
    "™", "™", "®", "®", "©", "!", "!!", "?", "...", "…", "+", "°", "™2"
  };
  private static final String[] BRACKETS = {
    "( )", "( )", "( )", "[ ]", "\" \"", "' '", "“ ”", "‘ ’", "~ ~", "* *", "- -"
  };
  private static final String[] AGAIN = {" ", " ", ", ", ", ", "! ", "-", "", " - "};
  private static final String[] ABBREVIATIONS = {
    "Mr.", "Dr.", "St.", "vs.", "No. 1", "&amp;", "U.S.", "L.A.", "A.I.", "D.O.A.", "R&B", "feat.",
    "v2.0"
  };
  private static final int[][] SIGNS = {
    {0x21, 0x30},
    {0x5b, 0x60},
    {0x7b, 0x7f},
    {0xa1, 0xbf},
    {0x2010, 0x2027},
    {0x20a0, 0x20bf},
    {0x2190, 0x21ff},
    {0x2200, 0x22ff},
    {0x2600, 0x26ff},
    {0x3001, 0x301f},
    {0xff01, 0xff20}
  };
  private static final int[][] ALPHABETS = {
    {0x430, 0x44f},
    {0x3b1, 0x3c9},
    {0x3042, 0x3093},
    {0x30a2, 0x30f3},
    {0x4e00, 0x4fff},
    {0x5d0, 0x5ea}
  };

  private final WordList words;

  /** Makes titles of these words. */
  public TitleMaker(WordList words) {
    this.words = words;
  }

  @Override
  public String draw(RandomGenerator random) {
    int shape = random.nextInt(100);
    if (shape < 16) {
      return keywords(random);
    }
    if (shape < 28) {
      return person(random);
    }
    if (shape < 32) {
      return random.nextBoolean() ? foreign(random) : phrase(random) + " / " + foreign(random);
    }
    String title = phrase(random);
    if (random.nextInt(12) == 0) {
      title = again(title, random);
    }
    if (random.nextInt(6) == 0) {
      title = signed(title, random);
    }
    for (int more = 0; more < 2 && random.nextInt(4) == 0; more++) {
      title += BREAKS[random.nextInt(BREAKS.length)] + phrase(random);
    }
    if (random.nextInt(25) == 0) {
      title += " " + bracketed(phrase(random), random);
    }
    if (random.nextInt(25) == 0) {
      title = signed(title, random);
    }
    if (random.nextInt(10) == 0) {
      title += " " + SUFFIXES[random.nextInt(SUFFIXES.length)];
    }
    if (random.nextInt(12) == 0) {
      title += " (%s)".formatted(1920 + random.nextInt(105));
    }
    if (random.nextInt(30) == 0) {
      title += random.nextBoolean() ? "!" : "?";
    }
    return cased(title, random);
  }

  @Override
  public String brief(RandomGenerator random) {
    return random.nextInt(3) > 0 ? word(random) : word(random) + " " + word(random);
  }

  @Override
  public String word(RandomGenerator random) {
    return capital(words.draw(random));
  }

  @Override
  public Optional<String> value(String title, RandomGenerator random) {
    return Optional.empty();
  }

  @Override
  public boolean inventive() {
    return true;
  }

  @Override
  public String with(String word, RandomGenerator random) {
    return switch (random.nextInt(5)) {
      case 0 -> "The " + word + " " + word(random);
      case 1 -> word(random) + LINKS[random.nextInt(LINKS.length)] + word;
      case 2 -> word + " " + SUFFIXES[random.nextInt(SUFFIXES.length)];
      case 3 -> word + ": " + phrase(random);
      default -> random.nextBoolean() ? word + " " + word(random) : word(random) + " " + word;
    };
  }

  @Override
  public String beginning(String word, RandomGenerator random) {
    return switch (random.nextInt(5)) {
      case 0 -> word + " " + SUFFIXES[random.nextInt(SUFFIXES.length)];
      case 1 -> word + " " + number(random);
      case 2 -> word + BREAKS[random.nextInt(BREAKS.length)] + phrase(random);
      case 3 -> word + LINKS[random.nextInt(LINKS.length)] + plain(1, random);
      default -> word + " " + plain(1 + random.nextInt(3), random);
    };
  }

  /** With a mark or sign before or after one of its words. */
  private static String signed(String title, RandomGenerator random) {
    String[] words = title.split(" ");
    int at = random.nextInt(words.length);
    words[at] =
        random.nextInt(12) == 0
            ? sign(random) + words[at]
            : words[at] + (random.nextInt(6) == 0 ? sign(random) : mark(random));
    return String.join(" ", words);
  }

  private static String mark(RandomGenerator random) {
    return MARKS[random.nextInt(MARKS.length)];
  }

  /** A sign no word has: punctuation of any script, currency, mathematics, arrows and others. */
  private static String sign(RandomGenerator random) {
    int[] range = SIGNS[random.nextInt(SIGNS.length)];
    return Character.toString(range[0] + random.nextInt(range[1] - range[0]));
  }

  private static String bracketed(String text, RandomGenerator random) {
    return BRACKETS[random.nextInt(BRACKETS.length)].replace(" ", text);
  }

  private static String cased(String title, RandomGenerator random) {
    return switch (random.nextInt(20)) {
      case 0 -> title.toUpperCase(Locale.ROOT);
      case 1 -> title.toLowerCase(Locale.ROOT);
      default -> title;
    };
  }

  private String phrase(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> word(random);
      case 1, 2 -> "The " + plain(1 + random.nextInt(2), random);
      case 3 -> plain(1, random) + LINKS[random.nextInt(LINKS.length)] + plain(1, random);
      case 4 -> "A " + plain(1 + random.nextInt(2), random);
      case 5 -> word(random) + "'s " + plain(1 + random.nextInt(2), random);
      default -> plain(1 + random.nextInt(3), random);
    };
  }

  private String plain(int count, RandomGenerator random) {
    List<String> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add(
          switch (random.nextInt(48)) {
            case 0 -> number(random);
            case 1, 2 -> capital(invented(random));
            case 3 -> word(random) + "-" + word(random);
            case 4 -> drawn.isEmpty() ? initials(random) : drawn.getLast();
            case 5 -> word(random) + word(random);
            case 6 -> word(random).toUpperCase(Locale.ROOT);
            case 7 -> random.nextInt(30) + word(random);
            case 8 -> ABBREVIATIONS[random.nextInt(ABBREVIATIONS.length)];
            default -> word(random);
          });
    }
    return String.join(" ", drawn);
  }

  /** Says a title, or one of its words, once more. */
  private String again(String title, RandomGenerator random) {
    String between = AGAIN[random.nextInt(AGAIN.length)];
    String[] words = title.split(" ");
    String said = words[random.nextInt(words.length)];
    return switch (random.nextInt(5)) {
      case 0 -> title + between + title;
      case 1 -> said + between + title;
      case 2 -> title + " (" + phrase(random) + " " + said + ")";
      case 3 -> title + between + said + " " + phrase(random);
      default -> title + " " + said + between + said;
    };
  }

  private static String number(RandomGenerator random) {
    int year = 1900 + random.nextInt(130);
    return switch (random.nextInt(6)) {
      case 0 -> "%s,000".formatted(1 + random.nextInt(99));
      case 1 -> "%s-%s".formatted(year, year + 1 + random.nextInt(30));
      case 2 -> Integer.toString(year);
      default -> Integer.toString(random.nextInt(random.nextBoolean() ? 30 : 3000));
    };
  }

  private static String initials(RandomGenerator random) {
    StringBuilder initials = new StringBuilder();
    for (int letter = 2 + random.nextInt(4); letter > 0; letter--) {
      initials.append((char) ('A' + random.nextInt(26))).append('.');
    }
    return initials.toString();
  }

  /** Words in small letters, as search terms or a product's features. */
  private String keywords(RandomGenerator random) {
    List<String> drawn = new ArrayList<>();
    for (int i = 3 + random.nextInt(6); i > 0; i--) {
      drawn.add(
          random.nextInt(8) == 0
              ? invented(random).toLowerCase(Locale.ROOT)
              : words.draw(random).toLowerCase(Locale.ROOT));
    }
    return String.join(" ", drawn);
  }

  private String person(RandomGenerator random) {
    String first =
        switch (random.nextInt(4)) {
          case 0 -> (char) ('A' + random.nextInt(26)) + ".";
          case 1 -> word(random);
          default -> capital(invented(random));
        };
    String last = random.nextInt(3) == 0 ? word(random) : capital(invented(random));
    return random.nextInt(4) == 0 ? last : first + " " + last;
  }

  private static String foreign(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int word = 1 + random.nextInt(2); word > 0; word--) {
      int[] letters = ALPHABETS[random.nextInt(ALPHABETS.length)];
      text.append(text.isEmpty() ? "" : " ");
      for (int i = 2 + random.nextInt(4); i > 0; i--) {
        text.appendCodePoint(letters[0] + random.nextInt(letters[1] - letters[0]));
      }
    }
    return text.toString();
  }

  private static String invented(RandomGenerator random) {
    StringBuilder name = new StringBuilder();
    for (int syllable = 1 + random.nextInt(3); syllable > 0; syllable--) {
      name.append(STARTS[random.nextInt(STARTS.length)].toLowerCase(Locale.ROOT));
      name.append(VOWELS[random.nextInt(VOWELS.length)]);
      if (random.nextBoolean()) {
        name.append(ENDS[random.nextInt(ENDS.length)]);
      }
    }
    return name.toString();
  }

  private static String capital(String word) {
    int first = word.offsetByCodePoints(0, 1);
    return word.substring(0, first).toUpperCase(Locale.ROOT) + word.substring(first);
  }
}
