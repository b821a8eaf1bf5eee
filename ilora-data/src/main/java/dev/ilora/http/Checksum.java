package dev.ilora.http;

import dev.ilora.files.Hashes;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * The checksum that a file must have.
 *
 * @param algorithm such as SHA-256
 * @param before what is hashed before the content, usually nothing
 * @param hex what must come out, in small letters
 */
public record Checksum(String algorithm, String before, String hex) {
  /** A checksum of the content alone. */
  public static Checksum of(String algorithm, String hex) {
    return new Checksum(algorithm, "", hex);
  }

  /** The name that Git gives a content. */
  public static Checksum gitBlob(long size, String hex) {
    return new Checksum("SHA-1", "blob " + size + "\0", hex);
  }

  /** What a file has. */
  public String found(Path file) {
    MessageDigest digest = Hashes.digest(algorithm);
    digest.update(before.getBytes(StandardCharsets.UTF_8));
    Hashes.update(digest, file);
    return Hashes.hex(digest.digest());
  }

  /**
   * Checks a file that came from an address.
   *
   * @throws DownloadException if it has another checksum; the file is deleted
   */
  public void require(URI address, Path part) throws IOException {
    String found = found(part);
    if (!found.equals(hex)) {
      Files.delete(part);
      throw new DownloadException(
          "%s: %s is %s, expected %s; the download was deleted, try again"
              .formatted(address, algorithm, found, hex));
    }
  }
}
