package dev.ilora.inspect;

import dev.ilora.BadInputException;
import dev.ilora.prompt.ChatUse;
import dev.ilora.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model's tokenizer.
 *
 * @param kind in words
 * @param tokens highest token id plus one
 * @param bos begins a text; empty where there is none
 * @param addsBos whether prompts begin with it
 * @param eos ends a text
 * @param pad fills a batch
 * @param chatTemplate whether prompts can be put as a conversation
 * @param chatProblem why the chat template cannot be used
 */
public record TokenizerFacts(
    String kind,
    int tokens,
    Optional<Token> bos,
    boolean addsBos,
    Optional<Token> eos,
    Optional<Token> pad,
    Chat chatTemplate,
    Optional<String> chatProblem) {

  /** A token and how it is spelled. */
  public record Token(int id, String text) {}

  /** What is known of a chat template. */
  public enum Chat {
    /** There is none. */
    ABSENT,
    /** Prompts are put in it. */
    USABLE,
    /** It is there, and prompts cannot be put in it. */
    UNUSABLE
  }

  /**
   * Opens a tokenizer and describes it.
   *
   * @throws BadInputException if it cannot be used, with the reason
   */
  static TokenizerFacts of(Path model) {
    try (Tokenizer tokenizer = Tokenizer.open(model)) {
      Optional<String> problem = chatProblem(tokenizer);
      Chat chat =
          tokenizer.chatTemplate().isEmpty()
              ? Chat.ABSENT
              : problem.isEmpty() ? Chat.USABLE : Chat.UNUSABLE;
      int bos = tokenizer.bos();
      boolean addsBos =
          bos >= 0 && tokenizer.beginning().length > 0 && tokenizer.beginning()[0] == bos;
      return new TokenizerFacts(
          tokenizer.kind(),
          tokenizer.vocabularySize(),
          token(tokenizer, bos),
          addsBos,
          token(tokenizer, tokenizer.eos()),
          token(tokenizer, tokenizer.pad()),
          chat,
          problem);
    }
  }

  private static Optional<Token> token(Tokenizer tokenizer, int id) {
    return id < 0
        ? Optional.empty()
        : Optional.of(new Token(id, tokenizer.decodeWithSpecial(new int[] {id})));
  }

  /** The refusal of a chat template is what is asked for. */
  private static Optional<String> chatProblem(Tokenizer tokenizer) {
    try {
      ChatUse.AUTO.require(tokenizer);
      return Optional.empty();
    } catch (BadInputException e) {
      return Optional.of(e.getMessage());
    }
  }
}
