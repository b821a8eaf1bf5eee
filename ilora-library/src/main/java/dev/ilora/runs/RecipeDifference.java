package dev.ilora.runs;

import dev.ilora.BadInputException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a recipe differs from the one that something was made by. */
public final class RecipeDifference {
  /** What to do about it. */
  public static final String ADVICE = ": use another folder or delete this one";

  private RecipeDifference() {}

  /**
   * Returns an error about the first line that differs.
   *
   * @param what stands in the file's folder, such as "run"
   * @param file holds the recipe it was made by
   * @param before that recipe, merged
   * @param now the recipe asked for, merged
   */
  public static Optional<BadInputException> of(String what, Path file, String before, String now) {
    String[] first = before.split("\n");
    String[] second = now.split("\n");
    for (int line = 0; line < Math.max(first.length, second.length); line++) {
      String old = line < first.length ? first[line].strip() : "nothing";
      String wanted = line < second.length ? second[line].strip() : "nothing";
      if (!old.equals(wanted)) {
        return Optional.of(
            new BadInputException(
                file,
                line + 1,
                "the %s in this folder has '%s', this recipe '%s'".formatted(what, old, wanted)
                    + ADVICE));
      }
    }
    return Optional.empty();
  }

  /** Throws a difference where there is one. */
  public static void refuse(Optional<BadInputException> difference) {
    if (difference.isPresent()) {
      throw difference.get();
    }
  }
}
