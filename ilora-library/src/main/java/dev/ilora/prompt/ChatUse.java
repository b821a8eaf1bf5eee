package dev.ilora.prompt;

/** Whether prompts are put as the model's chat template puts what a user says. */
public enum ChatUse {
  /** Where the tokenizer comes with a chat template. */
  AUTO,
  /** Never: the prompt is a text to go on with. */
  NEVER
}
