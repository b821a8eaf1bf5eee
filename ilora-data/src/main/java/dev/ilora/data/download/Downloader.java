package dev.ilora.data.download;

import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.RunContext;
import dev.ilora.files.MakingLock;
import dev.ilora.http.Answer;
import dev.ilora.http.Checksum;
import dev.ilora.http.DownloadException;
import dev.ilora.http.PartialFile;
import dev.ilora.http.Web;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches the data sets that their makers publish: downloads to a {@code .part} file, continues one
 * that is there, verifies the checksum and unpacks. Nothing appears under its final name before it
 * is whole.
 *
 * <p>The data stay their makers' with their licences; none is part of this project.
 */
public final class Downloader {
  /** Where GroupLens publishes. */
  public static final URI OFFICIAL = URI.create("https://files.grouplens.org/datasets/");

  private static final int OK = 200;
  private static final Pattern MD5 = Pattern.compile("\\b[0-9a-fA-F]{32}\\b");

  private final URI base;
  private final Progress progress;
  private final Web web;

  /**
   * Makes a downloader.
   *
   * @param base address of the folder that holds {@code movielens/} and {@code hetrec2011/},
   *     usually {@link #OFFICIAL}; ends with a slash
   */
  public Downloader(URI base, Progress progress) {
    if (!base.toString().endsWith("/")) {
      throw new IllegalArgumentException("base address must end with '/': " + base);
    }
    this.base = base;
    this.progress = progress;
    this.web = new Web(new RunContext(progress, Interruption.never(), InstantSource.system()));
  }

  /**
   * Returns the folder with an archive's files, {@code folder/LABEL}; fetches it unless it is
   * there.
   *
   * @throws DownloadException if the server refuses, the connection breaks (what came is kept for
   *     the next call), the checksum is wrong (what came is deleted), or the archive is unsafe
   */
  public Path fetch(Archive archive, Path folder) throws IOException {
    Path target = folder.resolve(archive.label());
    Path part = folder.resolve(archive.label() + ".zip.part");
    if (Files.isDirectory(target) && !Files.exists(part)) {
      return target;
    }
    Files.createDirectories(folder);
    try (var _ = MakingLock.refusing(target)) {
      if (!Files.isDirectory(target)) {
        URI address = base.resolve(archive.path());
        download(address, part, archive.label());
        verify(address, archive, part);
        Archives.unpack(part, target);
      }
      Files.deleteIfExists(part);
      return target;
    }
  }

  private void download(URI address, Path part, String label) throws IOException {
    new PartialFile(web, address, part)
        .fetch(
            (done, total) ->
                progress.update("download " + label, done, total, (done >> 20) + " MiB"),
            answer -> new DownloadException(address + ": HTTP status " + answer.status()));
  }

  private void verify(URI address, Archive archive, Path part) throws IOException {
    String checksum =
        archive.checksum().isEmpty() ? "MD5:" + published(address) : archive.checksum();
    String[] expected = checksum.split(":");
    Checksum.of(expected[0], expected[1]).require(address, part);
  }

  private String published(URI address) throws IOException {
    URI beside = URI.create(address + ".md5");
    try (Answer answer = web.get(beside, Map.of())) {
      byte[] start = answer.body().readNBytes(1024);
      Matcher matcher = MD5.matcher(new String(start, StandardCharsets.US_ASCII));
      if (answer.status() != OK || !matcher.find()) {
        throw new DownloadException(beside + ": no checksum there, HTTP status " + answer.status());
      }
      return matcher.group().toLowerCase(Locale.ROOT);
    }
  }
}
