package dev.ilora.tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** The bytes of tensors, read in and written out. */
final class NativeBytes {
  private static final int CHUNK = 1 << 20;
  private static final long LARGEST_READ = 1 << 28;

  private NativeBytes() {}

  /** Where bytes come from. */
  @FunctionalInterface
  interface Source {
    /** Fills a buffer with the bytes from a place on. */
    void read(ByteBuffer buffer, long from);
  }

  /** The memory of a contiguous tensor on the CPU, valid as long as the tensor. */
  static MemorySegment of(Tensor tensor) {
    var raw = tensor.raw();
    return raw.numel() == 0
        ? MemorySegment.NULL
        : MemorySegment.ofAddress(raw.data_ptr().address())
            .reinterpret(raw.numel() * raw.element_size());
  }

  /** Reads the elements of a tensor on the CPU into its memory, as they lie there. */
  static void fill(Tensor tensor, Source source) {
    MemorySegment bytes = of(tensor);
    for (long at = 0; at < bytes.byteSize(); at += LARGEST_READ) {
      long length = Math.min(LARGEST_READ, bytes.byteSize() - at);
      source.read(bytes.asSlice(at, length).asByteBuffer(), at);
    }
  }

  /** Writes the elements as they lie in memory, little-endian. */
  static void write(Tensor tensor, OutputStream out) throws IOException {
    if (tensor.numel() == 0) {
      return;
    }
    try (var _ = Scope.open()) {
      var flat = tensor.raw().detach().cpu().contiguous();
      MemorySegment bytes =
          MemorySegment.ofAddress(flat.data_ptr().address())
              .reinterpret(flat.numel() * flat.element_size());
      byte[] chunk = new byte[CHUNK];
      for (long at = 0; at < bytes.byteSize(); at += chunk.length) {
        int length = (int) Math.min(chunk.length, bytes.byteSize() - at);
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, chunk, 0, length);
        out.write(chunk, 0, length);
      }
    }
  }
}
