package dev.ilora.synthetic;

import dev.ilora.synthetic.PretrainingExample.Kind;
import dev.ilora.tokenizer.TokenList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Examples about what a user chooses next: by what titles have in common, or their vectors. */
final class TasteExamples {
  private static final int LONGEST_HISTORY = 10;
  private static final int USERS = 24;

  /** One in so many texts about taste tells it in a slot before the history. */
  private static final int USER_SLOTS = 3;

  /** Tokens of the words around a history and its answer, at the most. */
  private static final int ASKING = 24;

  private final TitleSource titles;
  private final Phrases phrases;
  private final TitleLists lists;
  private final int[] end;
  private final int maxTokens;

  TasteExamples(TitleSource titles, Phrases phrases, int[] end, int maxTokens) {
    this.titles = titles;
    this.phrases = phrases;
    this.lists = new TitleLists(phrases);
    this.end = end;
    this.maxTokens = maxTokens;
  }

  /** A history of titles with a word in common, which one candidate has too. */
  PretrainingExample theme(GeneratedWorld world, int length, RandomGenerator random) {
    String word = titles.word(random);
    List<int[]> history = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      history.add(phrases.once(" " + titles.with(word, random)));
    }
    int[] others = world.sample(length - 1 + 3, random);
    for (int i = random.nextInt(4); i > 0; i--) {
      history.add(world.tokens(others[length - 2 + i]));
    }
    Collections.shuffle(history, new Random(random.nextLong()));
    int[] answer = phrases.once(" " + titles.with(word, random));
    List<int[]> candidates = new ArrayList<>();
    for (int i = 0; i < length - 1; i++) {
      candidates.add(world.tokens(others[i]));
    }
    candidates.add(random.nextInt(length), answer);
    ExampleWriter writer = lists.writer(Kind.THEME);
    writer.context(phrases.tokens(world.wording().history(random)));
    lists.plain(writer, world, history);
    writer.context(phrases.tokens(world.wording().list(random)));
    lists.plain(writer, world, candidates);
    writer.context(phrases.tokens(world.wording().ask(random)));
    writer.answer(TokenList.joined(answer, end), candidates);
    return writer.size() <= maxTokens
        ? writer.example()
        : theme(world, Math.max(2, length / 2), random);
  }

  /** One user in the frame that recommendations are asked in. */
  PretrainingExample framed(GeneratedWorld world, int length, RandomGenerator random) {
    GeneratedWorld.Choices choices =
        world.choices(1 + random.nextInt(Math.min(LONGEST_HISTORY, length)), random);
    int[] history = choices.items();
    int next = world.next(choices, IntStream.range(0, world.size()).toArray(), random);
    int[] candidates = candidates(world, length, next, history, random);
    TitleForm form = TitleForm.draw(random);
    ExampleWriter writer = lists.writer(Kind.TASTE);
    writer.context(phrases.tokens(world.wording().history(random)));
    if (random.nextInt(USER_SLOTS) == 0) {
      writer.replaced(phrases.tokenizer().slot(), world.summary(choices, random));
    }
    lists.titles(writer, world, history, form);
    writer.context(phrases.tokens(world.wording().list(random)));
    lists.titles(writer, world, candidates, form);
    writer.context(phrases.tokens(world.wording().ask(random)));
    writer.answer(TokenList.joined(world.tokens(next), end), world.titles(candidates));
    return writer.size() <= maxTokens
        ? writer.example()
        : framed(world, Math.max(2, length / 2), random);
  }

  /** One list and several users who choose from it: more to learn from as many tokens. */
  PretrainingExample shared(GeneratedWorld world, int length, RandomGenerator random) {
    int[] list = world.fitting(world.sample(length, random), maxTokens * 3 / 5);
    TitleForm form = TitleForm.draw(random);
    ExampleWriter writer = lists.writer(Kind.TASTE);
    writer.context(phrases.tokens(world.wording().list(random)));
    lists.titles(writer, world, list, form);
    String introduction = world.wording().history(random);
    String ask = world.wording().ask(random);
    boolean slots = random.nextInt(USER_SLOTS) == 0;
    boolean written = false;
    for (int user = 0; user < USERS; user++) {
      GeneratedWorld.Choices choices =
          world.choices(1 + random.nextInt(Math.clamp(length / 2, 2, 5)), random);
      int[] history = choices.items();
      int next = world.next(choices, list, random);
      if (next < 0) {
        continue;
      }
      int needed = ASKING + world.tokens(next).length;
      for (int item : history) {
        needed += world.tokens(item).length + 2;
      }
      if (writer.size() + needed > maxTokens) {
        break;
      }
      writer.context(phrases.tokens(introduction));
      if (slots) {
        writer.replaced(phrases.tokenizer().slot(), world.summary(choices, random));
      }
      lists.titles(writer, world, history, form);
      writer.context(phrases.tokens(ask));
      writer.answer(TokenList.joined(world.tokens(next), end), world.titles(list));
      written = true;
    }
    return written ? writer.example() : framed(world, length, random);
  }

  private static int[] candidates(
      GeneratedWorld world, int length, int next, int[] history, RandomGenerator random) {
    List<Integer> drawn = new ArrayList<>();
    List<Integer> taken = new ArrayList<>(IntStream.of(history).boxed().toList());
    taken.add(next);
    while (drawn.size() < length - 1) {
      int item = random.nextInt(world.size());
      if (!taken.contains(item)) {
        drawn.add(item);
        taken.add(item);
      }
    }
    drawn.add(random.nextInt(length), next);
    return drawn.stream().mapToInt(Integer::intValue).toArray();
  }
}
