package dev.ilora.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file that is being downloaded: goes on where it stopped, now or in an earlier process. */
public final class PartialFile {
  private static final int ATTEMPTS = 3;

  /** An attempt that brought so much is no failure: a long download may be cut often. */
  private static final long ENOUGH = 16L << 20;

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-.*");

  private final Web web;
  private final URI address;
  private final Path part;

  /** Hears how far it is. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Hears of more bytes.
     *
     * @param done bytes of the file that are there
     * @param total bytes of the file, or 0 where that is not known
     */
    void moved(long done, long total);
  }

  /**
   * A file from an address.
   *
   * @param part where it is kept until it is whole
   */
  public PartialFile(Web web, URI address, Path part) {
    this.web = web;
    this.address = address;
    this.part = part;
  }

  /** Bytes that are there. */
  public long size() throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  /**
   * Fetches what is missing.
   *
   * @param refusal what is thrown for a status that is no success
   * @throws DownloadException if the connection keeps breaking or the disk refuses; what came is
   *     kept
   */
  public void fetch(Listener listener, Function<Answer, RuntimeException> refusal)
      throws IOException {
    int failures = 0;
    while (true) {
      long before = size();
      try {
        request(listener, refusal);
        return;
      } catch (FileSystemException e) {
        throw e; // the disk refuses: asking again does not help
      } catch (IOException e) {
        failures = size() - before >= ENOUGH ? 1 : failures + 1;
        if (failures == ATTEMPTS) {
          throw new DownloadException(
              "%s: %s; %s bytes are kept, run the command again to continue"
                  .formatted(address, e.getMessage(), size()),
              e);
        }
      }
    }
  }

  private void request(Listener listener, Function<Answer, RuntimeException> refusal)
      throws IOException {
    long kept = size();
    Map<String, String> range = kept > 0 ? Map.of("Range", "bytes=" + kept + "-") : Map.of();
    try (Answer answer = web.get(address, range)) {
      switch (answer.status()) {
        case OK -> copy(answer, 0, listener);
        case PARTIAL -> {
          requireStart(answer, kept);
          copy(answer, kept, listener);
        }
        case RANGE_NOT_SATISFIABLE -> {
          // All of it may be there already: the checksum decides.
          if (!answer.header("Content-Range").orElse("").equals("bytes */" + kept)) {
            Files.delete(part);
            throw new IOException("what was kept is longer than the file");
          }
        }
        default -> throw refusal.apply(answer);
      }
    }
  }

  private void requireStart(Answer answer, long kept) {
    String range = answer.header("Content-Range").orElse("");
    Matcher matcher = CONTENT_RANGE.matcher(range);
    if (!matcher.matches() || !matcher.group(1).equals(Long.toString(kept))) {
      throw new DownloadException(
          "%s: asked for bytes from %s, was sent '%s'".formatted(address, kept, range));
    }
  }

  private void copy(Answer answer, long from, Listener listener) throws IOException {
    long total = answer.length() < 0 ? 0 : from + answer.length();
    StandardOpenOption how =
        from > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    long done = from;
    try (OutputStream out =
            Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how);
        InputStream body = answer.body()) {
      byte[] buffer = new byte[1 << 16];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        write(out, buffer, n);
        done += n;
        listener.moved(done, total);
      }
    }
    if (total > 0 && done < total) {
      throw new IOException("connection closed after " + done + " of " + total + " bytes");
    }
  }

  /** What the disk refuses is no broken connection: asking again does not help. */
  private void write(OutputStream out, byte[] bytes, int count) throws IOException {
    try {
      out.write(bytes, 0, count);
    } catch (IOException e) {
      throw new DownloadException(
          "%s: cannot be written: %s; %s bytes are kept, run the command again to continue"
              .formatted(part, e.getMessage(), size()),
          e);
    }
  }
}
