package dev.ilora.hub;

import dev.ilora.files.WholeFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The hub's own cache: contents in {@code blobs} by their etags, and in {@code snapshots} the names
 * of each commit as links to them.
 */
final class HubCache implements Store {
  private final Path root;
  private final ModelName model;
  private final String commit;

  HubCache(Path cache, ModelName model, String commit) {
    this.root = cache.resolve(model.folder());
    this.model = model;
    this.commit = commit;
  }

  @Override
  public Path locked() {
    return root;
  }

  @Override
  public Path folder() {
    return root.resolve("snapshots").resolve(commit);
  }

  @Override
  public boolean has(String name) {
    return Files.isRegularFile(folder().resolve(name));
  }

  @Override
  public boolean place(HubFile file) throws IOException {
    Path blob = blob(file);
    boolean there = Files.isRegularFile(blob) && Files.size(blob) == file.size();
    if (there) {
      link(file, blob);
    }
    return there;
  }

  @Override
  public Path part(HubFile file) throws IOException {
    Files.createDirectories(root.resolve("blobs"));
    return root.resolve("blobs").resolve(file.etag() + ".incomplete");
  }

  @Override
  public void place(HubFile file, Path part) throws IOException {
    Path blob = blob(file);
    Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    link(file, blob);
  }

  @Override
  public void finish() {
    if (!model.revision().equals(commit)) {
      WholeFile.write(root.resolve("refs").resolve(model.revision()), commit);
    }
  }

  private Path blob(HubFile file) {
    return root.resolve("blobs").resolve(file.etag());
  }

  /** A relative link, so that the cache may be moved; the file itself where there are no links. */
  private void link(HubFile file, Path blob) throws IOException {
    Path name = folder().resolve(file.name());
    Files.createDirectories(name.getParent());
    Files.deleteIfExists(name); // a link to what is gone
    try {
      Files.createSymbolicLink(name, name.getParent().relativize(blob));
    } catch (FileAlreadyExistsException e) {
      // another tool has just made it
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.move(blob, name);
    }
  }
}
