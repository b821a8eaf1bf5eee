package dev.ilora.cli;

/** Words of a command line that is shown to be pasted into a shell. */
final class ShellWord {
  private ShellWord() {}

  /** The word as a shell reads it: in quotes where it holds more than plain signs. */
  static String of(Object word) {
    String text = word.toString();
    return text.matches("[\\w.@/:+=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
