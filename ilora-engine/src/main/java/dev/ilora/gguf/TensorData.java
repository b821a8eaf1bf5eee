package dev.ilora.gguf;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** The values of one tensor, read and dequantised piece by piece on all processors. */
final class TensorData {
  private static final long LARGEST_READ = 1 << 28;

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
    int blockValues = tensor.type().blockValues();
    int blockBytes = tensor.type().blockBytes();
    Optional<BlockForm> form = tensor.type().form();
    Pieces.share(
        tensor.values(),
        Runtime.getRuntime().availableProcessors(),
        () -> {
          byte[] bytes = new byte[Pieces.SIZE / blockValues * blockBytes];
          float[] values = new float[Pieces.SIZE];
          return (first, count) -> {
            int length = count / blockValues * blockBytes;
            read(ByteBuffer.wrap(bytes, 0, length), first / blockValues * blockBytes);
            if (form.isEmpty()) {
              long to = first * blockBytes;
              MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, to, length);
            } else {
              form.get().unpack(bytes, values, count);
              long to = first * Float.BYTES;
              MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, to, count);
            }
          };
        });
  }

  /** Writes the bytes of all values to memory as they are stored. */
  void copyTo(MemorySegment memory) {
    for (long at = 0; at < memory.byteSize(); at += LARGEST_READ) {
      long length = Math.min(LARGEST_READ, memory.byteSize() - at);
      read(memory.asSlice(at, length).asByteBuffer(), at);
    }
  }

  private void read(ByteBuffer buffer, long from) {
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
