package dev.ilora.hub;

import dev.ilora.RunContext;
import dev.ilora.files.MakingLock;
import dev.ilora.http.DownloadException;
import dev.ilora.http.PartialFile;
import dev.ilora.http.Web;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Fetches the files of a model that are not there yet. What was begun goes on where it stopped, and
 * each file is checked before it has its name.
 */
public final class ModelDownload {
  private static final int MIB = 20;

  private final HubSettings settings;
  private final Web web;
  private final RunContext context;
  private final Space space;

  /** How many bytes a folder's disk still takes. */
  @FunctionalInterface
  interface Space {
    long free(Path folder) throws IOException;
  }

  /** A download by settings. */
  public ModelDownload(HubSettings settings, RunContext context) {
    this(settings, new Web(context), folder -> Files.getFileStore(folder).getUsableSpace());
  }

  ModelDownload(HubSettings settings, Web web, Space space) {
    this.settings = settings;
    this.web = web;
    this.context = web.context();
    this.space = space;
  }

  /**
   * Where a model is now.
   *
   * @param folder the folder of its files
   * @param commit the commit of the revision that was asked for
   * @param files paths in the folder
   * @param fetchedBytes what was fetched for it just now
   */
  public record Fetched(Path folder, String commit, List<String> files, long fetchedBytes) {
    /** What a language model is loaded from: the only GGUF file, or else the folder. */
    public Path languageModel() {
      boolean gguf =
          files.size() == 1 && files.getFirst().toLowerCase(Locale.ROOT).endsWith(".gguf");
      return gguf ? folder.resolve(files.getFirst()) : folder;
    }
  }

  /**
   * Fetches a model.
   *
   * @param globs which files; those that ilora reads where there are none
   * @param out a folder to put them in, in place of the hub's cache
   * @throws DownloadException if it cannot be finished, saying what to do
   */
  public Fetched fetch(ModelName model, List<String> globs, Optional<Path> out) throws IOException {
    try (var _ = context.interruption().guard()) {
      Hub hub = new Hub(settings.endpoint(), settings.token(), web);
      Hub.Listing listing = hub.listing(model);
      List<String> names =
          new FileChoice(model, listing.files()).names(globs, context.progress()::remark);
      HubCache cache = new HubCache(settings.cache(), model, listing.commit());
      Store store = out.<Store>map(folder -> new PlainFolder(folder, cache)).orElse(cache);
      try (var _ = MakingLock.waiting(store.locked(), context)) {
        List<HubFile> missing = missing(hub, model, listing.commit(), names, store);
        long bytes = new Fetching(hub, model, store).fetch(missing);
        store.finish();
        return new Fetched(store.folder(), listing.commit(), names, bytes);
      }
    }
  }

  private static List<HubFile> missing(
      Hub hub, ModelName model, String commit, List<String> names, Store store) throws IOException {
    List<HubFile> missing = new ArrayList<>();
    for (String name : names) {
      if (!store.has(name)) {
        HubFile file = hub.describe(model, commit, name);
        if (!store.place(file)) {
          missing.add(file);
        }
      }
    }
    return missing;
  }

  /** All missing files of one model, one after another. */
  private final class Fetching {
    private final Hub hub;
    private final ModelName model;
    private final Store store;
    private long total;
    private long finished;
    private long told = -1;

    Fetching(Hub hub, ModelName model, Store store) {
      this.hub = hub;
      this.model = model;
      this.store = store;
    }

    long fetch(List<HubFile> missing) throws IOException {
      long needed = needed(missing);
      requireSpace(needed);
      for (HubFile file : missing) {
        if (!store.place(file)) { // two names may have one content
          fetch(file);
          finished += file.size();
        }
      }
      return needed;
    }

    private long needed(List<HubFile> missing) throws IOException {
      long needed = 0;
      Set<String> contents = new HashSet<>();
      for (HubFile file : missing) {
        if (contents.add(file.etag())) {
          total += file.size();
          needed += Math.max(0, file.size() - partial(file).size());
        }
      }
      return needed;
    }

    private void requireSpace(long needed) throws IOException {
      Path disk = store.locked();
      long free = needed == 0 ? 0 : space.free(disk);
      if (free < needed) {
        throw new DownloadException(
            "%s: %s MiB are missing, but %s has room for %s MiB: make room there, or name another place with HF_HOME or --out"
                .formatted(model, Math.ceilDiv(needed, 1L << MIB), disk, free >> MIB));
      }
    }

    private PartialFile partial(HubFile file) throws IOException {
      return new PartialFile(hub.web(), file.address(), store.part(file));
    }

    private void fetch(HubFile file) throws IOException {
      Path part = store.part(file);
      PartialFile partial = partial(file);
      if (partial.size() > file.size()) {
        Files.delete(part);
      }
      if (partial.size() < file.size() || file.size() == 0) {
        partial.fetch((done, _) -> tell(file, done), answer -> hub.refusal(model, file, answer));
      }
      tell(file, Math.min(partial.size(), file.size()));
      file.checksum().require(file.address(), part);
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      store.place(file, part);
    }

    private void tell(HubFile file, long done) {
      long all = finished + done;
      if (all == told) {
        return;
      }
      told = all;
      long units = Math.max(1, Math.ceilDiv(total, 1L << MIB));
      context
          .progress()
          .update(
              "download %s, MiB".formatted(model),
              all == total ? units : Math.min(all >> MIB, units - 1),
              units,
              file.name());
    }
  }
}
