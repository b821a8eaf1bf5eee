package dev.ilora.data.records;

/** A comment in the place of a header or a first record, which no format here has. */
public final class CommentLine {
  private CommentLine() {}

  /** What a message on a first line says where it begins as a comment does; else blank. */
  public static String help(String line) {
    return line.stripLeading().startsWith("#")
        ? "; a line that begins with # is no comment here: take it out"
        : "";
  }
}
