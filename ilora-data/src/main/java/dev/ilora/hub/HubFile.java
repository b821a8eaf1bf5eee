package dev.ilora.hub;

import dev.ilora.http.Checksum;
import java.net.URI;

/**
 * A file of a model, as the hub describes it.
 *
 * @param name its path in the model's folder
 * @param address where it is
 * @param etag what its content is called in the cache: the SHA-256 of a large file, the name that
 *     Git gives a small one
 * @param size in bytes
 */
record HubFile(String name, URI address, String etag, long size) {
  private static final int SHA_256_DIGITS = 64;

  Checksum checksum() {
    return etag.length() == SHA_256_DIGITS
        ? Checksum.of("SHA-256", etag)
        : Checksum.gitBlob(size, etag);
  }
}
