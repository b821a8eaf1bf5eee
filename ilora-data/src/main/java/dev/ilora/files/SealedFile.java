package dev.ilora.files;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/**
 * Files whose SHA-256 is kept beside them, in {@code .NAME.sha256}: a later reader finds out that a
 * bit has flipped. A file without a seal, such as one that a user made, is taken as it is.
 *
 * <p>The seal is written before the file is moved to its place, and keeps that of the former file:
 * whenever a process is killed, one of the two is right.
 */
public final class SealedFile {
  private static final String SUFFIX = ".sha256";
  private static final String LINE = "[0-9a-f]{64} \\d{1,18}";

  private SealedFile() {}

  /** SHA-256 of the first bytes of a file. */
  private record Seal(String sha256, long length) {
    static Seal of(String line) {
      int space = line.indexOf(' ');
      return new Seal(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
    }

    String line() {
      return sha256 + " " + length + "\n";
    }
  }

  /**
   * Writes a file and its seal, as {@link WholeFile#write(Path, WholeFile.Content)} does.
   *
   * @throws UncheckedIOException if the disk refuses, naming the file
   */
  public static void write(Path file, WholeFile.Content content) {
    WholeFile.write(
        file, content, (sha256, length) -> keep(file, former(file), new Seal(sha256, length)));
  }

  /** The same for bytes. */
  public static void write(Path file, byte[] content) {
    write(file, out -> out.write(content));
  }

  /** The same for text, in UTF-8. */
  public static void write(Path file, CharSequence content) {
    write(file, content.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Seals a file as it is now. */
  public static void seal(Path file) {
    try {
      long length = Files.size(file);
      keep(file, List.of(), new Seal(sha256(file, length), length));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Takes the seal off a file that is about to grow. */
  public static void unseal(Path file) throws IOException {
    Files.deleteIfExists(sealOf(file));
  }

  /** Whether a file is a seal of another one. */
  public static boolean isSeal(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") && name.endsWith(SUFFIX);
  }

  /** Deletes a file and its seal. */
  public static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(sealOf(file));
  }

  /**
   * Compares a file with its seal, where it has one.
   *
   * @throws BadInputException if the file is not what was written
   */
  public static void check(Path file) {
    try {
      boolean differs = differs(file);
      if (differs) {
        // Another process may have replaced the file and its seal between the two looks.
        differs = differs(file);
      }
      if (differs) {
        throw new BadInputException(
            file,
            "was changed or cut short since it was written: its SHA-256 is not the one in "
                + sealOf(file).getFileName()
                + "; if the change is meant, delete that file");
      }
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    }
  }

  private static boolean differs(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    List<Seal> seals = seals(file);
    if (seals.isEmpty()) {
      return false;
    }
    long size = Files.size(file);
    return !seals.contains(new Seal(sha256(file, size), size));
  }

  private static void keep(Path file, List<Seal> former, Seal now) {
    StringBuilder lines = new StringBuilder();
    former.stream().filter(seal -> !seal.equals(now)).forEach(seal -> lines.append(seal.line()));
    WholeFile.write(sealOf(file), lines.append(now.line()));
  }

  /** The seal of the file that is there now. */
  private static List<Seal> former(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    List<Seal> seals = seals(file);
    if (seals.size() < 2) {
      return seals;
    }
    Seal now = new Seal(sha256(file, Files.size(file)), Files.size(file));
    return seals.stream().filter(now::equals).toList();
  }

  private static List<Seal> seals(Path file) throws IOException {
    Path kept = sealOf(file);
    List<String> lines;
    try {
      lines = Files.readString(kept, StandardCharsets.ISO_8859_1).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
    if (lines.isEmpty() || !lines.stream().allMatch(line -> line.matches(LINE))) {
      throw new BadInputException(
          kept,
          "is damaged: expected a SHA-256 and a length in each line; if %s is right, delete it"
              .formatted(file.getFileName()));
    }
    return lines.stream().map(Seal::of).toList();
  }

  private static String sha256(Path file, long length) throws IOException {
    MessageDigest digest = Hashes.sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      long left = length;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          break;
        }
        digest.update(buffer, 0, read);
        left -= read;
      }
    }
    return Hashes.hex(digest.digest());
  }

  private static Path sealOf(Path file) {
    return file.resolveSibling("." + file.getFileName() + SUFFIX);
  }
}
