package dev.ilora.prompt;

import dev.ilora.tokenizer.Tokenizer;

/** Whether prompts are put as the model's chat template puts what a user says. */
public enum ChatUse {
  /** Where the tokenizer comes with a chat template. */
  AUTO,
  /** Never: the prompt is a text to go on with. */
  NEVER;

  /**
   * Checks that prompts can be put so.
   *
   * @throws dev.ilora.BadInputException if the chat template is to be used and cannot be, with the
   *     reason
   */
  public void require(Tokenizer tokenizer) {
    PromptFrame.of(tokenizer, this);
  }
}
