package dev.ilora.gguf;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** The values of one tensor, read and dequantised piece by piece on all processors. */
final class TensorData {
  /** Values of a piece: they stay in the processor's cache until they are written. */
  private static final int PIECE = 1 << 14;

  /** Values that are worth a thread of their own. */
  private static final int PART = 1 << 18;

  private final Path file;
  private final FileChannel channel;
  private final TensorInfo tensor;

  TensorData(Path file, FileChannel channel, TensorInfo tensor) {
    this.file = file;
    this.channel = channel;
    this.tensor = tensor;
  }

  /** Writes all values to memory. */
  void writeTo(MemorySegment memory) {
    long pieces = (tensor.values() + PIECE - 1) / PIECE;
    int parts = Math.clamp(tensor.values() / PART, 1, Runtime.getRuntime().availableProcessors());
    IntStream.range(0, parts)
        .parallel()
        .forEach(part -> writePart(memory, pieces * part / parts, pieces * (part + 1) / parts));
  }

  private void writePart(MemorySegment memory, long firstPiece, long endPiece) {
    int blockValues = tensor.type().blockValues();
    int blockBytes = tensor.type().blockBytes();
    byte[] bytes = new byte[PIECE / blockValues * blockBytes];
    float[] values = new float[PIECE];
    for (long piece = firstPiece; piece < endPiece; piece++) {
      long first = piece * PIECE;
      int count = (int) Math.min(PIECE, tensor.values() - first);
      int length = count / blockValues * blockBytes;
      read(bytes, length, first / blockValues * blockBytes);
      if (tensor.type().blocks().isEmpty()) {
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, first * blockBytes, length);
      } else {
        unpack(tensor.type().blocks().get(), bytes, values, count);
        long to = first * Float.BYTES;
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, to, count);
      }
    }
  }

  private void unpack(Blocks blocks, byte[] bytes, float[] values, int count) {
    int blockBytes = tensor.type().blockBytes();
    int blockValues = tensor.type().blockValues();
    for (int block = 0; block < count / blockValues; block++) {
      blocks.unpack(bytes, block * blockBytes, values, block * blockValues);
    }
  }

  private void read(byte[] bytes, int length, long from) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, tensor.from() + from + buffer.position()) < 0) {
          throw new BadInputException(
              file, "was cut short to %s bytes while it was read".formatted(channel.size()));
        }
      }
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    }
  }
}
