package dev.ilora.prompt;

import dev.ilora.BadInputException;
import dev.ilora.chat.ChatMessage;
import dev.ilora.chat.ChatTemplate;
import dev.ilora.tokenizer.Tokenizer;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens around the text of a prompt and its answer.
 *
 * @param before what a prompt begins with
 * @param firstText whether the text after it is the first one, which some tokenizers put a space
 *     before
 * @param after what stands between the prompt's text and the answer
 * @param end what ends an answer
 */
record PromptFrame(int[] before, boolean firstText, int[] after, int[] end) {
  private static final String LINE_BREAK = "\n";
  private static final String QUESTION = "question-of-the-user";
  private static final String ANSWER = "answer-of-the-model";

  /**
   * Some templates write the date. Prompts must not change from day to day, so it is always the one
   * that Llama's own template writes where it knows none.
   */
  private static final LocalDate DATE = LocalDate.of(2024, 7, 26);

  /**
   * The frame of a tokenizer's prompts.
   *
   * @throws BadInputException if the chat template is to be used and cannot be
   */
  static PromptFrame of(Tokenizer tokenizer, ChatUse chat) {
    return chat == ChatUse.AUTO && tokenizer.chatTemplate().isPresent()
        ? conversation(tokenizer)
        : text(tokenizer);
  }

  /** A text to go on with: answers end with their line. */
  private static PromptFrame text(Tokenizer tokenizer) {
    return new PromptFrame(tokenizer.beginning(), true, new int[0], tokenizer.encode(LINE_BREAK));
  }

  /** What a user says, and the answer of the model, which ends with its turn. */
  private static PromptFrame conversation(Tokenizer tokenizer) {
    ChatTemplate template =
        ChatTemplate.parse(
            tokenizer.file(), tokenizer.chatTemplate().orElseThrow(), specialTokens(tokenizer));
    ChatMessage question = new ChatMessage("user", QUESTION);
    String[] asked = around(tokenizer, template.render(List.of(question), true, DATE), QUESTION);
    ChatMessage answer = new ChatMessage("assistant", ANSWER);
    String answered = template.render(List.of(question, answer), false, DATE);
    return new PromptFrame(
        tokenizer.encodeWithSpecial(asked[0]),
        false,
        tokenizer.encodeWithSpecial(asked[1]),
        endOfTurn(tokenizer, around(tokenizer, answered, ANSWER)[1]));
  }

  /** The first special token after an answer, else a line break. */
  private static int[] endOfTurn(Tokenizer tokenizer, String rest) {
    int[] special =
        Arrays.stream(tokenizer.encodeWithSpecial(rest))
            .filter(tokenizer::isSpecial)
            .limit(1)
            .toArray();
    return special.length > 0 ? special : tokenizer.encode(LINE_BREAK);
  }

  private static String[] around(Tokenizer tokenizer, String text, String mark) {
    int at = text.indexOf(mark);
    if (at < 0 || text.indexOf(mark, at + 1) >= 0) {
      throw new BadInputException(
          tokenizer.file(),
          "chat template: expected it to write each message once and unchanged, found '%s' %s"
                  .formatted(mark, at < 0 ? "nowhere" : "twice")
              + "; prompt.chat=never asks without it");
    }
    return new String[] {text.substring(0, at), text.substring(at + mark.length())};
  }

  private static Map<String, String> specialTokens(Tokenizer tokenizer) {
    Map<String, String> named = new HashMap<>();
    Map.of(
            "bos_token", tokenizer.bos(),
            "eos_token", tokenizer.eos(),
            "pad_token", tokenizer.pad())
        .forEach(
            (name, id) ->
                named.put(name, id < 0 ? "" : tokenizer.decodeWithSpecial(new int[] {id})));
    return named;
  }
}
