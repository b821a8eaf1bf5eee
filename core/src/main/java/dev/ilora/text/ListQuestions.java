package dev.ilora.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Questions about a list of items that exactly one of them answers. */
final class ListQuestions {
  /**
   * A question and its answer.
   *
   * @param tokens the question, from its leading space to the colon; titles as in lists
   * @param answer the item that answers it, one of the list
   */
  record Question(int[] tokens, int answer) {}

  private enum Form {
    NUMBER,
    AFTER,
    BEFORE,
    NAMED,
    INITIAL,
    VALUE,
    TWO_VALUES,
    LIKE
  }

  private static final List<Form> WITHOUT_ATTRIBUTES =
      List.of(Form.NUMBER, Form.AFTER, Form.BEFORE, Form.NAMED, Form.INITIAL);
  private static final List<Form> WITH_ATTRIBUTES =
      List.of(
          Form.NUMBER,
          Form.AFTER,
          Form.BEFORE,
          Form.NAMED,
          Form.INITIAL,
          Form.VALUE,
          Form.VALUE,
          Form.TWO_VALUES,
          Form.LIKE,
          Form.LIKE);

  private final PromptEncoder titles;
  private final Function<String, int[]> encode;
  private final ItemAttributes attributes;
  private final String noun;

  ListQuestions(
      PromptEncoder titles,
      Function<String, int[]> encode,
      ItemAttributes attributes,
      String noun) {
    this.titles = titles;
    this.encode = encode;
    this.attributes = attributes;
    this.noun = noun;
  }

  /** Returns the words questions are made of. */
  static List<String> words(String noun) {
    List<String> words = new ArrayList<>();
    words.add(" After Before Like is:, The " + noun + " named is: Number is:.\n");
    for (int i = 1; i <= 20; i++) {
      words.add(" Number " + i + " is:");
    }
    return words;
  }

  /** Draws a question about a list of differently titled items; empty if the draw fits none. */
  Optional<Question> draw(int[] list, RandomGenerator random) {
    List<Form> forms = attributes.values().isEmpty() ? WITHOUT_ATTRIBUTES : WITH_ATTRIBUTES;
    int place = random.nextInt(list.length);
    int answer = list[place];
    Optional<int[]> tokens =
        switch (forms.get(random.nextInt(forms.size()))) {
          case NUMBER -> Optional.of(encode.apply(" Number %d is:".formatted(place + 1)));
          case AFTER -> neighbour(" After", list, place - 1);
          case BEFORE -> neighbour(" Before", list, place + 1);
          case NAMED -> Optional.of(about(" The " + noun + " named", answer));
          case INITIAL -> initial(list, answer);
          case VALUE -> ofValues(list, answer, 1, random);
          case TWO_VALUES -> ofValues(list, answer, 2, random);
          case LIKE -> like(list, answer, random);
        };
    return tokens.map(question -> new Question(question, answer));
  }

  private Optional<int[]> neighbour(String form, int[] list, int place) {
    return place < 0 || place >= list.length
        ? Optional.empty()
        : Optional.of(about(form, list[place]));
  }

  private Optional<int[]> initial(int[] list, int answer) {
    int initial = attributes.initialOf(answer);
    int holders = 0;
    for (int item : list) {
      holders += attributes.initialOf(item) == initial ? 1 : 0;
    }
    return holders > 1
        ? Optional.empty()
        : Optional.of(the(attributes.initials().get(initial).phrase(noun)));
  }

  private Optional<int[]> ofValues(int[] list, int answer, int count, RandomGenerator random) {
    int[] held = attributes.of(answer);
    if (held.length < count) {
      return Optional.empty();
    }
    List<Integer> chosen = new ArrayList<>();
    while (chosen.size() < count) {
      int value = held[random.nextInt(held.length)];
      if (!chosen.contains(value)) {
        chosen.add(value);
      }
    }
    if (holders(list, chosen) > 1) {
      return Optional.empty();
    }
    chosen.sort(null);
    List<ItemAttributes.Value> values = chosen.stream().map(attributes.values()::get).toList();
    return Optional.of(the(attributes.phrase(values, noun)));
  }

  private int holders(int[] list, List<Integer> values) {
    int holders = 0;
    for (int item : list) {
      holders += values.stream().allMatch(value -> attributes.holds(item, value)) ? 1 : 0;
    }
    return holders;
  }

  private Optional<int[]> like(int[] list, int answer, RandomGenerator random) {
    int[] held = attributes.of(answer);
    if (held.length == 0) {
      return Optional.empty();
    }
    int value = held[random.nextInt(held.length)];
    int[] alike = attributes.values().get(value).items();
    if (holders(list, List.of(value)) > 1 || alike.length < 4) {
      return Optional.empty();
    }
    List<Integer> examples = new ArrayList<>();
    for (int tries = 0; tries < 20 && examples.size() < 3; tries++) {
      int item = alike[random.nextInt(alike.length)];
      if (item != answer && !examples.contains(item)) {
        examples.add(item);
      }
    }
    return examples.isEmpty()
        ? Optional.empty()
        : Optional.of(about(" Like", examples.stream().mapToInt(Integer::intValue).toArray()));
  }

  private int[] the(String phrase) {
    return encode.apply(" The " + phrase + " is:");
  }

  private int[] about(String before, int... items) {
    TokenList tokens = new TokenList();
    tokens.addAll(encode.apply(before));
    for (int i = 0; i < items.length; i++) {
      tokens.addAll(i > 0 ? encode.apply(",") : new int[0]);
      tokens.addAll(titles.title(items[i]));
    }
    tokens.addAll(encode.apply(" is:"));
    return tokens.toArray();
  }
}
