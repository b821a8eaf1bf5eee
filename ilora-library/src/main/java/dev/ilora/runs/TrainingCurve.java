package dev.ilora.runs;

import dev.ilora.BadInputException;
import dev.ilora.files.JsonLine;
import dev.ilora.files.JsonLines;
import dev.ilora.files.SealedFile;
import dev.ilora.files.TextFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A training curve on disk, appended to while training runs.
 *
 * @param file {@code curve.jsonl}; need not exist yet
 */
public record TrainingCurve(Path file) {
  /**
   * Appends one point, removing the torn last line that a crash may have left.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public void append(TrainingPoint point) {
    byte[] line = (JsonLines.line(point.line()) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      SealedFile.unseal(file);
      channel.position(wholeLines(channel));
      channel.truncate(channel.position());
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e, e);
    }
  }

  /**
   * Writes a whole curve, in place of what the file held.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public void write(List<TrainingPoint> points) {
    StringBuilder lines = new StringBuilder();
    points.forEach(point -> lines.append(JsonLines.line(point.line())).append('\n'));
    SealedFile.write(file, lines);
  }

  /**
   * Takes away the points from a step on, which a training that goes on from a checkpoint repeats.
   *
   * @throws BadInputException if a complete line is not a point, naming it
   */
  public void cutAt(long step) {
    if (Files.exists(file)) {
      write(read().stream().filter(point -> point.step() < step).toList());
    }
  }

  /** Seals the curve, which is whole; a point that follows takes the seal off. */
  public void seal() {
    if (Files.exists(file)) {
      SealedFile.seal(file);
    }
  }

  /**
   * Reads the curve in the order of its steps. A torn last line is ignored; where a resumed run
   * repeated steps, what it wrote last counts.
   *
   * @return the points, empty if nothing was written yet
   * @throws BadInputException if a complete line is not a point, naming it
   */
  public List<TrainingPoint> read() {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = TextFile.read(file);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    List<TrainingPoint> points = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      TrainingPoint point = TrainingPoint.of(JsonLine.parse(file, i + 1L, lines.get(i)));
      while (!points.isEmpty() && points.getLast().step() >= point.step()) {
        points.removeLast();
      }
      points.add(point);
    }
    SealedFile.check(file);
    return points;
  }

  /** Length in bytes of the file up to and including its last line end. */
  private static long wholeLines(FileChannel channel) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    for (long end = channel.size(); end > 0; end--) {
      last.clear();
      channel.read(last, end - 1);
      if (last.get(0) == '\n') {
        return end;
      }
    }
    return 0;
  }
}
