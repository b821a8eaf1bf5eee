package dev.ilora.tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;

/** The bytes of tensors: foreign memory seen as a tensor, and a tensor written out. */
final class NativeBytes {
  private static final int CHUNK = 1 << 20;

  private NativeBytes() {}

  /** A view of foreign memory, valid while the segment is. */
  static Tensor viewOf(MemorySegment data, DType dtype, long[] shape) {
    if (data.byteSize() == 0) {
      return Tensor.zeros(dtype, Device.CPU, shape);
    }
    var address = new Address(data.address());
    return Tensor.of(torch.from_blob(address, shape, Tensor.options(dtype, Device.CPU)));
  }

  private static final class Address extends Pointer {
    Address(long address) {
      super((Pointer) null);
      this.address = address;
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
