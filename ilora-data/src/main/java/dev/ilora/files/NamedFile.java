package dev.ilora.files;

import dev.ilora.BadInputException;
import dev.ilora.Printable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Files that another file names. */
public final class NamedFile {
  private NamedFile() {}

  /**
   * The file of a name in a folder.
   *
   * @param namedBy the file that holds the name
   * @throws BadInputException if no file can have the name, or it leads out of the folder
   */
  public static Path in(Path folder, String name, Path namedBy) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      Path target = root.resolve(name).normalize();
      if (target.startsWith(root) && !target.equals(root)) {
        return folder.resolve(name);
      }
    } catch (InvalidPathException e) {
      throw new BadInputException(
          namedBy,
          "names the file '%s', but no file can have that name".formatted(Printable.text(name)));
    }
    throw new BadInputException(
        namedBy, "names the file '%s', which is outside the folder".formatted(name));
  }
}
