package dev.ilora.synthetic;

import dev.ilora.synthetic.PretrainingExample.Kind;
import java.util.List;
import java.util.random.RandomGenerator;

/** Writes lists of titles in the wording of their world. */
record TitleLists(Phrases phrases) {

  /** An example of a kind, begun as the model expects a text to begin. */
  ExampleWriter writer(Kind kind) {
    ExampleWriter writer = new ExampleWriter(kind);
    writer.context(phrases.tokenizer().beginning());
    return writer;
  }

  /** Begins an example with a list of titles. */
  ExampleWriter of(
      GeneratedWorld world, int[] list, ListStyle style, TitleForm form, RandomGenerator random) {
    ExampleWriter writer = writer(Kind.CHOICE);
    writer.context(phrases.tokens(world.wording().list(random)));
    for (int i = 0; i < list.length; i++) {
      between(writer, world, i);
      if (style == ListStyle.NUMBERED) {
        writer.context(phrases.tokens(" %s:".formatted(i + 1)));
      }
      title(writer, world, list[i], form);
      if (style == ListStyle.WITH_VALUES) {
        writer.context(phrases.once(" - " + world.value(list[i])));
      }
    }
    writer.context(phrases.tokens(world.wording().closing()));
    return writer;
  }

  /** Writes titles as a list, with its end. */
  void titles(ExampleWriter writer, GeneratedWorld world, int[] items, TitleForm form) {
    for (int i = 0; i < items.length; i++) {
      between(writer, world, i);
      title(writer, world, items[i], form);
    }
    writer.context(phrases.tokens(world.wording().closing()));
  }

  /** Writes titles of tokens as a list, with its end. */
  void plain(ExampleWriter writer, GeneratedWorld world, List<int[]> titles) {
    for (int i = 0; i < titles.size(); i++) {
      between(writer, world, i);
      writer.context(titles.get(i));
    }
    writer.context(phrases.tokens(world.wording().closing()));
  }

  /** What stands before a list's title at a place. */
  private void between(ExampleWriter writer, GeneratedWorld world, int place) {
    Wording wording = world.wording();
    writer.context(phrases.tokens(place == 0 ? wording.opening() : wording.separator()));
  }

  private void title(ExampleWriter writer, GeneratedWorld world, int item, TitleForm form) {
    int[] tokens = world.tokens(item);
    if (form == TitleForm.ADDED || form == TitleForm.BOTH) {
      writer.added(tokens, world.vector(item));
    } else {
      writer.context(tokens);
    }
    if (form == TitleForm.SLOT || form == TitleForm.BOTH) {
      writer.replaced(phrases.tokenizer().slot(), world.vector(item));
    }
  }
}
