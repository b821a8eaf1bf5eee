package dev.ilora.recommend;

import dev.ilora.BadInputException;
import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.Progress;
import dev.ilora.files.JsonLines;
import dev.ilora.files.MakingLock;
import dev.ilora.files.WholeFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * Answers many requests into a file, one JSON object a line in the order of the requests:
 *
 * <pre>
 * {"id":"r1","recommendations":[{"rank":1,"key":"k7","title":"Alien","score":-2.7,"share":0.27}]}
 * </pre>
 *
 * <p>Answers are written as they come. After an interruption the same job goes on where it was:
 * what is there is kept as {@code OUT.partial}, with the job's identity beside it.
 */
public final class BatchJob {
  private static final int CHUNK = 256;

  private final Recommender recommender;
  private final Path out;
  private final boolean replace;
  private final Path partial;
  private final Path identityFile;
  private final Progress progress;
  private final Interruption interruption;

  /** A line of the file. */
  private record Line(String id, List<Row> recommendations) {}

  /** A recommended item as it is written. */
  private record Row(int rank, String key, String title, double score, double share) {}

  /**
   * What a job did.
   *
   * @param requests answered now
   * @param resumed answers found from an earlier, interrupted job
   * @param seconds of answering
   */
  public record Result(long requests, long resumed, double seconds) {
    /** Requests a second. */
    public double rate() {
      return seconds > 0 ? requests / seconds : 0;
    }
  }

  /**
   * @param out the file to write
   * @param replace whether a file of that name is replaced, once all answers are there, and those
   *     of another job that was not finished are thrown away
   * @throws BadInputException if there is one that is not to be replaced
   */
  public BatchJob(
      Recommender recommender,
      Path out,
      boolean replace,
      Progress progress,
      Interruption interruption) {
    this.recommender = recommender;
    this.out = out;
    this.replace = replace;
    this.progress = progress;
    this.interruption = interruption;
    partial = out.resolveSibling(out.getFileName() + ".partial");
    identityFile = out.resolveSibling(out.getFileName() + ".partial.id");
    requireFree();
  }

  private void requireFree() {
    if (Files.exists(out) && !replace) {
      clear();
      throw new BadInputException(out, "exists already; choose another file or --force");
    }
  }

  /** Deletes the identity that a job leaves which was killed in its last moment. */
  private void clear() {
    if (Files.exists(identityFile)) {
      try (var _ = MakingLock.refusing(out)) {
        if (!Files.exists(partial)) {
          Files.deleteIfExists(identityFile);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(identityFile + ": cannot be deleted: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Runs the job.
   *
   * @param requests in an order that does not change
   * @param total number of them, for the progress
   * @param source what the requests were read from, for messages
   * @param identity of the requests and the model: a job of another identity is not taken up
   * @throws BadInputException if what is there belongs to another job, another process writes it,
   *     or a request is wrong
   * @throws InterruptedRunException if the user asked to stop; run the same job again to go on
   */
  public Result run(Iterator<NamedRequest> requests, long total, Path source, String identity) {
    try (var _ = interruption.guard();
        var _ = MakingLock.refusing(out)) {
      requireFree();
      WholeFile.requireReplaceable(out);
      long done = resume(identity);
      for (long i = 0; i < done && requests.hasNext(); i++) {
        requests.next();
      }
      long start = System.nanoTime();
      long answered = 0;
      try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
        file.seek(file.length());
        while (requests.hasNext()) {
          List<NamedRequest> chunk = chunk(requests);
          file.write(lines(chunk, source).getBytes(StandardCharsets.UTF_8));
          file.getFD().sync();
          answered += chunk.size();
          tell(done + answered, total, answered, start);
          if (interruption.requested() && requests.hasNext()) {
            throw new InterruptedRunException(
                "stopped after %s of %s requests; run the same command to go on"
                    .formatted(done + answered, total));
          }
        }
      }
      Files.move(partial, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.deleteIfExists(identityFile);
      return new Result(answered, done, seconds(start));
    } catch (IOException e) {
      throw new UncheckedIOException(out + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** The number of answers there are, after cutting off a half-written one. */
  private long resume(String identity) throws IOException {
    if (!Files.exists(partial)) {
      Path parent = out.toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Files.writeString(identityFile, identity);
      return 0;
    }
    String former = Files.exists(identityFile) ? Files.readString(identityFile) : "";
    if (!former.equals(identity)) {
      if (replace || Files.size(partial) == 0) {
        Files.delete(partial);
        Files.writeString(identityFile, identity);
        return 0;
      }
      throw new BadInputException(
          partial,
          "holds answers to other requests or of another model; delete it or choose another file");
    }
    long lines = 0;
    long end = 0;
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(partial))) {
      long at = 0;
      for (int one = bytes.read(); one >= 0; one = bytes.read()) {
        at++;
        if (one == '\n') {
          lines++;
          end = at;
        }
      }
    }
    try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
      file.setLength(end);
    }
    return lines;
  }

  private static List<NamedRequest> chunk(Iterator<NamedRequest> requests) {
    List<NamedRequest> chunk = new ArrayList<>(CHUNK);
    while (chunk.size() < CHUNK && requests.hasNext()) {
      chunk.add(requests.next());
    }
    return chunk;
  }

  private String lines(List<NamedRequest> chunk, Path source) {
    List<Ranking> rankings;
    try {
      rankings = recommender.recommend(chunk.stream().map(NamedRequest::request).toList());
    } catch (WrongRequestException e) {
      NamedRequest wrong = chunk.get(e.place());
      String reason = "request '%s': %s".formatted(wrong.id(), e.reason());
      throw wrong.line().isPresent()
          ? new BadInputException(source, wrong.line().getAsLong(), reason)
          : new BadInputException(source, reason);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < chunk.size(); i++) {
      List<Row> rows =
          rankings.get(i).choices().stream()
              .map(c -> new Row(c.rank(), c.item().key(), c.item().title(), c.score(), c.share()))
              .toList();
      text.append(JsonLines.line(new Line(chunk.get(i).id(), rows))).append('\n');
    }
    return text.toString();
  }

  private void tell(long done, long total, long answered, long start) {
    progress.update(
        "recommending",
        done,
        total,
        String.format(Locale.ROOT, "%.1f requests/s", answered / seconds(start)));
  }

  private static double seconds(long start) {
    return Math.max(1e-9, (System.nanoTime() - start) / 1e9);
  }
}
