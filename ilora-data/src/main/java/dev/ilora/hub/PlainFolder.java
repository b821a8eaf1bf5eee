package dev.ilora.hub;

import dev.ilora.files.WholeFile;
import dev.ilora.http.DownloadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder of the user's own, into which files are copied. */
final class PlainFolder implements Store {
  private final Path folder;
  private final HubCache cache;

  /**
   * A folder.
   *
   * @param cache what is there already is copied
   */
  PlainFolder(Path folder, HubCache cache) {
    this.folder = folder;
    this.cache = cache;
  }

  @Override
  public Path locked() {
    return folder;
  }

  @Override
  public Path folder() {
    return folder;
  }

  /** A name says nothing here about the commit. */
  @Override
  public boolean has(String name) {
    return false;
  }

  @Override
  public boolean place(HubFile file) throws IOException {
    Path name = folder.resolve(file.name());
    if (Files.exists(name)) {
      boolean same = Files.isRegularFile(name) && Files.size(name) == file.size();
      if (!same || !file.checksum().found(name).equals(file.etag())) {
        throw new DownloadException(
            "%s: is there with other content than the model's file: choose another folder, or move it away"
                .formatted(name));
      }
      return true;
    }
    Path cached = cache.folder().resolve(file.name());
    boolean known = cache.has(file.name()) && Files.size(cached) == file.size();
    if (known) {
      WholeFile.write(name, out -> Files.copy(cached, out));
    }
    return known;
  }

  @Override
  public Path part(HubFile file) throws IOException {
    Files.createDirectories(folder);
    return folder.resolve(file.etag() + ".incomplete");
  }

  @Override
  public void place(HubFile file, Path part) throws IOException {
    Path name = folder.resolve(file.name());
    Files.createDirectories(name.getParent());
    Files.move(part, name, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void finish() {}
}
