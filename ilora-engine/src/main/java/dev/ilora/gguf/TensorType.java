package dev.ilora.gguf;

import dev.ilora.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Element types of GGUF that are read, with their number and the size of a block. */
enum TensorType {
  F32(0, DType.F32),
  F16(1, DType.F16),
  BF16(30, DType.BF16),
  Q4_0(2, 32, 18, SmallBlocks::q4Symmetric, FourBitBlocks::symmetric),
  Q4_1(3, 32, 20, SmallBlocks::q4WithLeast, FourBitBlocks::withLeast),
  Q5_0(6, 32, 22, SmallBlocks::q5Symmetric),
  Q5_1(7, 32, 24, SmallBlocks::q5WithLeast),
  Q8_0(8, 32, 34, SmallBlocks::q8, FourBitBlocks::upper, FourBitBlocks::lower),
  Q2_K(10, 256, 84, LargeBlocks::q2),
  Q3_K(11, 256, 110, LargeBlocks::q3),
  Q4_K(12, 256, 144, LargeBlocks::q4, FourBitBlocks::large),
  Q5_K(13, 256, 176, LargeBlocks::q5),
  Q6_K(14, 256, 210, LargeBlocks::q6),
  IQ4_NL(20, 32, 18, TableBlocks::iq4Small),
  IQ4_XS(23, 256, 136, TableBlocks::iq4Large);

  private final int number;
  private final DType dtype;
  private final int blockValues;
  private final int blockBytes;
  private final Optional<BlockForm> form;

  TensorType(int number, DType dtype) {
    this.number = number;
    this.dtype = dtype;
    this.blockValues = 1;
    this.blockBytes = dtype.bytes();
    this.form = Optional.empty();
  }

  TensorType(int number, int values, int bytes, Blocks blocks, FourBitBlocks... fourBits) {
    this(number, new BlockForm(values, bytes, blocks, List.of(fourBits)));
  }

  TensorType(int number, BlockForm form) {
    this.number = number;
    this.dtype = DType.F32;
    this.blockValues = form.values();
    this.blockBytes = form.bytes();
    this.form = Optional.of(form);
  }

  /** The type of a number in a file. */
  static Optional<TensorType> of(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
  }

  /** The number in files. */
  int number() {
    return number;
  }

  /** What a file may hold, for messages. */
  static String expected() {
    return Arrays.stream(values())
        .map(type -> type + " (" + type.number + ")")
        .collect(Collectors.joining(", "));
  }

  /** The type of the tensor's elements once read. */
  DType dtype() {
    return dtype;
  }

  /** Values of a block; blocks run along rows. */
  int blockValues() {
    return blockValues;
  }

  /** Bytes of a block. */
  int blockBytes() {
    return blockBytes;
  }

  /** How blocks become values; empty where the bytes are the values. */
  Optional<BlockForm> form() {
    return form;
  }
}
