package dev.ilora.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The words around titles: what items are called, how a list is written and how one is asked for.
 *
 * @param noun what an item is called: "movie"
 * @param verb what users do with it, in the past: "watched"
 * @param separator between the titles of a list; a line break also stands before the first
 */
record Wording(String noun, String verb, String separator) {
  private static final String LINE = "\n";
  private static final List<String> THINGS =
      List.of(
          "movie watched",
          "film seen",
          "artist listened to",
          "band heard",
          "singer liked",
          "album played",
          "song listened to",
          "game played",
          "book read",
          "novel finished",
          "product bought",
          "item chosen",
          "show watched",
          "podcast followed",
          "toy ordered",
          "tool used",
          "perfume tried",
          "shirt worn",
          "recipe cooked",
          "course taken",
          "place visited",
          "article opened");
  private static final List<String> HISTORIES =
      List.of(
          " This user has %s:",
          " The user has %s:",
          " A user %s:",
          " Recently %s:",
          " Someone has %s:",
          " History:",
          " So far:",
          " Earlier:",
          " Already %s:",
          " %s before:");
  private static final List<String> LISTS =
      List.of(
          " Candidates:",
          " Choose from:",
          " Options:",
          " One of:",
          " The list:",
          " %ss:",
          " Choose one %s:",
          " Which %s is next:",
          " Pick from these %ss:",
          " Here are %ss:");
  private static final List<String> ASKS =
      List.of(
          " The next %s is:",
          " Next:",
          " Answer:",
          " The best %s is:",
          " Most likely:",
          " The choice is:",
          " The %s to choose is:",
          " It is:",
          " The user's next %s:");
  private static final List<String> NUMBERED =
      List.of(" Number %s is:", " Number %s:", " Which is number %s?", " Take number %s:");
  private static final List<String> FIRST = List.of(" The first is:", " The first %s is:");
  private static final List<String> LAST = List.of(" The last is:", " The last %s is:");
  private static final List<String> AFTER = List.of(" After", " What follows", " The %s after");
  private static final List<String> BEFORE =
      List.of(" Before", " What comes before", " The %s before");
  private static final List<String> NAMED =
      List.of(" The %s named", " Repeat", " Once more", " The one called");
  private static final List<String> WITH_WORD =
      List.of(" The %s with the word", " The title with", " Which title has the word");
  private static final List<String> WITH_VALUE =
      List.of(" The %s that is", " Which is", " The one marked");

  static Wording draw(RandomGenerator random) {
    String thing = pick(THINGS, random);
    int style = random.nextInt(10);
    return of(thing, style > 1 ? LINE : style == 1 ? ";" : ",");
  }

  /** What stands before the first title of a list. */
  String opening() {
    return separator.equals(LINE) ? LINE : "";
  }

  /** What stands after the last title of a list. */
  String closing() {
    return separator.equals(LINE) ? LINE : ".";
  }

  private static Wording of(String thing, String separator) {
    int space = thing.indexOf(' ');
    return new Wording(thing.substring(0, space), thing.substring(space + 1), separator);
  }

  private static String pick(List<String> list, RandomGenerator random) {
    return list.get(random.nextInt(list.size()));
  }

  private static String filled(String pattern, Object word) {
    return pattern.contains("%") ? pattern.formatted(word) : pattern;
  }

  private String said(List<String> patterns, RandomGenerator random) {
    return filled(pick(patterns, random), noun);
  }

  String history(RandomGenerator random) {
    return filled(pick(HISTORIES, random), verb);
  }

  String list(RandomGenerator random) {
    return said(LISTS, random);
  }

  String ask(RandomGenerator random) {
    return said(ASKS, random);
  }

  String number(int number, RandomGenerator random) {
    return pick(NUMBERED, random).formatted(number);
  }

  String first(RandomGenerator random) {
    return said(FIRST, random);
  }

  String last(RandomGenerator random) {
    return said(LAST, random);
  }

  String after(RandomGenerator random) {
    return said(AFTER, random);
  }

  String before(RandomGenerator random) {
    return said(BEFORE, random);
  }

  String named(RandomGenerator random) {
    return said(NAMED, random);
  }

  String withWord(RandomGenerator random) {
    return said(WITH_WORD, random);
  }

  String withValue(RandomGenerator random) {
    return said(WITH_VALUE, random);
  }

  /** Everything that can be said, for a tokenizer to know. */
  static List<String> everything() {
    List<String> all = new ArrayList<>(List.of(";", ",", ".", "?", "\n", " (", ")", " is:", ":"));
    for (String thing : THINGS) {
      Wording wording = of(thing, ";");
      HISTORIES.forEach(pattern -> all.add(filled(pattern, wording.verb)));
      for (List<String> patterns :
          List.of(LISTS, ASKS, FIRST, LAST, AFTER, BEFORE, NAMED, WITH_WORD, WITH_VALUE)) {
        patterns.forEach(pattern -> all.add(filled(pattern, wording.noun)));
      }
    }
    for (int number = 1; number <= 30; number++) {
      for (String pattern : NUMBERED) {
        all.add(pattern.formatted(number));
      }
    }
    return all;
  }
}
