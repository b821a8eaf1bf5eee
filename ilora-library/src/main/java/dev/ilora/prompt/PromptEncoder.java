package dev.ilora.prompt;

import dev.ilora.tokenizer.TokenList;
import dev.ilora.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Turns a user's history and a list of candidates into token ids with slots for embeddings.
 *
 * <p>Every title is tokenised once, with a space before it, and has the same tokens in the history,
 * among the candidates and as the answer, so that answering is copying. Prompts begin as the
 * tokenizer says: with its bos token, or without. Where the model's chat template is used, the
 * prompt is what the user says in it, and the answer is the model's turn. Slots for learned vectors
 * stand before everything.
 *
 * <p>A prompt that would not leave room for its longest answer is cut, and the prompt counts its
 * cuts:
 *
 * <ol>
 *   <li>all titles are capped at the largest number of tokens that fits; candidates' titles never
 *       so short that two different ones become the same
 *   <li>where even one token a history title is too much, the oldest history titles are dropped,
 *       the last one never
 *   <li>where that is too much still, {@link ContextOverflowException}
 * </ol>
 *
 * <p>Instances may be shared by threads.
 */
public final class PromptEncoder {
  /** A stretch of the frame with its text tokenised. */
  private sealed interface Piece {
    record Text(int[] tokens) implements Piece {}

    record Titles(boolean ofHistory, int[] separator, int[] gap) implements Piece {}

    record User() implements Piece {}
  }

  /** How far titles are cut: the history's cap, the candidates' cap, history titles dropped. */
  private record Cut(int historyCap, int candidateCap, int dropped) {}

  private static final Cut NO_CUT = new Cut(Integer.MAX_VALUE, Integer.MAX_VALUE, 0);

  private final Tokenizer tokenizer;
  private final ItemEmbeddings embeddings;
  private final boolean userSlot;
  private final int maxTokens;
  private final int virtualTokens;
  private final int[][] titles;
  private final int[] beginning;
  private final int[] end;
  private final List<Piece> pieces;

  /** Tokenises the frame and all titles for plain prompts without a slot for the user. */
  public PromptEncoder(
      Tokenizer tokenizer,
      PromptTemplate template,
      List<String> titles,
      ItemEmbeddings embeddings,
      int maxTokens) {
    this(tokenizer, template, titles, embeddings, false, ChatUse.NEVER, maxTokens);
  }

  /** Tokenises the frame and all titles for prompts without slots for learned vectors. */
  public PromptEncoder(
      Tokenizer tokenizer,
      PromptTemplate template,
      List<String> titles,
      ItemEmbeddings embeddings,
      boolean userSlot,
      ChatUse chat,
      int maxTokens) {
    this(tokenizer, template, titles, embeddings, userSlot, chat, maxTokens, 0);
  }

  /**
   * Tokenises the frame and all titles.
   *
   * @param titles the title of each item id
   * @param embeddings how the embeddings of items stand in the prompt
   * @param userSlot whether the prompt has a slot for the user's sequence embedding
   * @param chat whether prompts are put as the model's chat template puts them
   * @param maxTokens the model's context: prompt and longest answer together stay within it
   * @param virtualTokens slots for learned vectors before everything
   * @throws dev.ilora.BadInputException if the chat template cannot be used
   * @throws IllegalArgumentException if a title is blank or holds a line break, which ends answers
   */
  public PromptEncoder(
      Tokenizer tokenizer,
      PromptTemplate template,
      List<String> titles,
      ItemEmbeddings embeddings,
      boolean userSlot,
      ChatUse chat,
      int maxTokens,
      int virtualTokens) {
    this.tokenizer = tokenizer;
    this.embeddings = embeddings;
    this.userSlot = userSlot;
    this.maxTokens = maxTokens;
    this.virtualTokens = virtualTokens;
    this.titles = new int[titles.size()][];
    for (int item = 0; item < this.titles.length; item++) {
      this.titles[item] = tokenizer.encode(" " + usable(item, titles.get(item)));
    }
    PromptFrame frame = PromptFrame.of(tokenizer, chat);
    this.beginning = frame.before();
    this.end = frame.end();
    this.pieces = pieces(template, frame);
  }

  private static String usable(int item, String title) {
    if (title.isBlank()) {
      throw new IllegalArgumentException("item " + item + " has no title");
    }
    if (title.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("the title of item " + item + " holds a line break");
    }
    return title;
  }

  private List<Piece> pieces(PromptTemplate template, PromptFrame frame) {
    List<Piece> pieces = new ArrayList<>();
    boolean placed = template.parts().contains(new PromptTemplate.Part.User());
    for (PromptTemplate.Part part : template.parts()) {
      switch (part) {
        case PromptTemplate.Part.Text(String text) ->
            pieces.add(
                new Piece.Text(
                    frame.firstText() && pieces.isEmpty()
                        ? tokenizer.encodeFirst(text)
                        : tokenizer.encode(text)));
        case PromptTemplate.Part.Titles list -> {
          boolean ofHistory = list instanceof PromptTemplate.Part.History;
          if (ofHistory && userSlot && !placed) {
            pieces.add(new Piece.User());
          }
          pieces.add(
              new Piece.Titles(
                  ofHistory, tokenizer.encode(list.separator()), tokenizer.encode(list.gap())));
        }
        case PromptTemplate.Part.User() -> {
          if (userSlot) {
            pieces.add(new Piece.User());
          }
        }
      }
    }
    pieces.add(new Piece.Text(frame.after()));
    return List.copyOf(pieces);
  }

  /** Returns how the embeddings of items stand in the prompts. */
  public ItemEmbeddings embeddings() {
    return embeddings;
  }

  /** Returns whether the prompts have a slot for the user's sequence embedding. */
  public boolean userSlot() {
    return userSlot;
  }

  /** Returns the number of slots for learned vectors before everything. */
  public int virtualTokens() {
    return virtualTokens;
  }

  /** Returns a prompt in which nothing is asked: what prompts begin with. */
  public Prompt unasked() {
    Writer writer = new Writer(NO_CUT);
    writer.tokens.addAll(beginning.length > 0 ? new int[0] : end);
    return writer.prompt();
  }

  /** Returns the number of items. */
  public int itemCount() {
    return titles.length;
  }

  /** Returns the tokens of an item's title, the leading space included. */
  public int[] title(int item) {
    return titleOf(item).clone();
  }

  /** Returns the tokens that end every answer: a line break, or what ends a turn in a chat. */
  public int[] end() {
    return end.clone();
  }

  /** Returns what prompts begin with; where they begin with nothing, what ends answers. */
  public int[] beginning() {
    return beginning.length > 0 ? beginning.clone() : end();
  }

  /** Returns the number of tokens there are; the model may have more embeddings. */
  public int vocabularySize() {
    return tokenizer.vocabularySize();
  }

  /** Returns tokens as text. */
  public String text(int[] tokens) {
    return tokenizer.decode(tokens);
  }

  /** Returns the tokens of an item's whole title and the end. */
  public int[] answer(int item) {
    return answer(titleOf(item), Integer.MAX_VALUE);
  }

  /** Returns the tokens of an item's title as the prompt's candidates show it, and the end. */
  public int[] answer(int item, Prompt prompt) {
    return answer(titleOf(item), prompt.titleCap());
  }

  /**
   * Returns the tokens of an item's title as the prompt of this history and these candidates shows
   * it, and the end: {@link #answer(int, Prompt)} before the prompt is encoded.
   */
  public int[] answer(int item, int[] history, int[] candidates) {
    return answer(titleOf(item), cut(history, candidates).candidateCap);
  }

  private int[] answer(int[] title, int cap) {
    int length = Math.min(title.length, cap);
    int[] answer = Arrays.copyOf(title, length + end.length);
    System.arraycopy(end, 0, answer, length, end.length);
    return answer;
  }

  private int[] titleOf(int item) {
    return titles[Objects.checkIndex(item, titles.length)];
  }

  /**
   * Encodes one prompt.
   *
   * @param history item ids, oldest first
   * @param candidates item ids in the order they are listed, at least one
   * @throws ContextOverflowException if it cannot be made to fit
   * @throws IndexOutOfBoundsException if an item id is not below {@link #itemCount}
   */
  public Prompt encode(int[] history, int[] candidates) {
    if (candidates.length == 0) {
      throw new IllegalArgumentException("expected at least 1 candidate, got 0");
    }
    Cut cut = cut(history, candidates);
    Writer writer = new Writer(cut);
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Text(int[] tokens) -> writer.tokens.addAll(tokens);
        case Piece.User() -> writer.slot(Prompt.USER);
        case Piece.Titles(boolean ofHistory, int[] separator, int[] gap) -> {
          int from = ofHistory ? cut.dropped : 0;
          int[] items = ofHistory ? history : candidates;
          int cap = ofHistory ? cut.historyCap : cut.candidateCap;
          for (int i = from; i < items.length; i++) {
            writer.tokens.addAll(i > from ? separator : new int[0]);
            writer.title(items[i], cap, gap);
          }
        }
      }
    }
    return writer.prompt();
  }

  private Cut cut(int[] history, int[] candidates) {
    if (length(history, candidates, NO_CUT) <= maxTokens) {
      return NO_CUT;
    }
    int distinct = distinctCap(candidates);
    int dropped = 0;
    Cut shortest = new Cut(1, distinct, 0);
    while (length(history, candidates, shortest) > maxTokens && dropped + 1 < history.length) {
      dropped++;
      shortest = new Cut(1, distinct, dropped);
    }
    int least = length(history, candidates, shortest);
    if (least > maxTokens) {
      throw new ContextOverflowException(
          ("a prompt with %s candidates and its answer need at least %s tokens, the model's context"
                  + " holds %s: use fewer candidates, a shorter template or a model with a longer"
                  + " context")
              .formatted(candidates.length, least, maxTokens));
    }
    int low = 1;
    int high = maxTokens;
    while (low < high) {
      int cap = (low + high + 1) >>> 1;
      Cut attempt = new Cut(cap, Math.max(cap, distinct), dropped);
      if (length(history, candidates, attempt) <= maxTokens) {
        low = cap;
      } else {
        high = cap - 1;
      }
    }
    return new Cut(low, Math.max(low, distinct), dropped);
  }

  /** The fewest tokens at which no two different candidates' titles become the same. */
  private int distinctCap(int[] candidates) {
    int[][] sorted = new int[candidates.length][];
    Arrays.setAll(sorted, i -> titleOf(candidates[i]));
    Arrays.sort(sorted, Arrays::compare);
    int cap = 1;
    for (int i = 1; i < sorted.length; i++) {
      cap = Math.max(cap, 1 + Arrays.mismatch(sorted[i - 1], sorted[i]));
    }
    return cap;
  }

  /** Returns the tokens of {@link #encode}'s prompt, without encoding or counting it. */
  public int promptLength(int[] history, int[] candidates) {
    return promptLength(history, candidates, cut(history, candidates));
  }

  private int promptLength(int[] history, int[] candidates, Cut cut) {
    int length = virtualTokens + beginning.length;
    for (Piece piece : pieces) {
      length +=
          switch (piece) {
            case Piece.Text(int[] tokens) -> tokens.length;
            case Piece.User() -> 1;
            case Piece.Titles titles ->
                titles.ofHistory
                    ? listLength(history, cut.dropped, cut.historyCap, titles)
                    : listLength(candidates, 0, cut.candidateCap, titles);
          };
    }
    return length;
  }

  /** Prompt and longest answer, in tokens. */
  private int length(int[] history, int[] candidates, Cut cut) {
    int longest = 0;
    for (int candidate : candidates) {
      longest = Math.max(longest, Math.min(titleOf(candidate).length, cut.candidateCap));
    }
    return promptLength(history, candidates, cut) + longest + end.length;
  }

  private int listLength(int[] items, int from, int cap, Piece.Titles list) {
    int length = Math.max(0, items.length - from - 1) * list.separator.length;
    int slot = embeddings.slotAfterTitle() ? list.gap.length + 1 : 0;
    for (int i = from; i < items.length; i++) {
      length += Math.min(titleOf(items[i]).length, cap) + slot;
    }
    return length;
  }

  /** Collects the tokens and slots of one prompt. */
  private final class Writer {
    private final Cut cut;
    private final TokenList tokens = new TokenList();
    private final TokenList positions = new TokenList();
    private final TokenList items = new TokenList();
    private final TokenList adds = new TokenList();
    private int truncated;

    Writer(Cut cut) {
      this.cut = cut;
      for (int i = 0; i < virtualTokens; i++) {
        slot(Prompt.virtual(i));
      }
      tokens.addAll(beginning);
    }

    void title(int item, int cap, int[] gap) {
      int[] title = titleOf(item);
      int length = Math.min(title.length, cap);
      truncated += length < title.length ? 1 : 0;
      for (int i = 0; i < length; i++) {
        if (embeddings.addedToTitle()) {
          place(item, true);
        }
        tokens.add(title[i]);
      }
      if (embeddings.slotAfterTitle()) {
        tokens.addAll(gap);
        slot(item);
      }
    }

    void slot(int item) {
      place(item, false);
      tokens.add(tokenizer.slot());
    }

    private void place(int item, boolean added) {
      positions.add(tokens.size());
      items.add(item);
      adds.add(added ? 1 : 0);
    }

    Prompt prompt() {
      int[] modes = adds.toArray();
      boolean[] added = new boolean[modes.length];
      for (int i = 0; i < modes.length; i++) {
        added[i] = modes[i] == 1;
      }
      return new Prompt(
          tokens.toArray(),
          positions.toArray(),
          items.toArray(),
          added,
          truncated,
          cut.dropped,
          cut.candidateCap);
    }
  }
}
