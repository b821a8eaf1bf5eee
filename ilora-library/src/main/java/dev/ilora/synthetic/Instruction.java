package dev.ilora.synthetic;

import java.util.List;

/**
 * One instruction about a list of titles, whose answer the text determines.
 *
 * @param form what it asks for
 * @param prompt tokens of the list and the instruction; the answer follows directly
 * @param answer tokens of the title that answers it
 * @param titles tokens of all titles of the list
 */
public record Instruction(Form form, int[] prompt, int[] answer, List<int[]> titles) {
  /** What an instruction asks for. */
  public enum Form {
    /** The title at a place: a number in a numbered list, else the first or the last. */
    PLACE,
    /** The title after another. */
    AFTER,
    /** The title before another. */
    BEFORE,
    /** The title that is named. */
    NAMED,
    /** The title with a word that no other has. */
    WORD,
    /** The title beside which a value is written that is beside no other. */
    VALUE
  }
}
