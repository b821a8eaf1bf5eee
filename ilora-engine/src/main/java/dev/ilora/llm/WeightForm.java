package dev.ilora.llm;

import dev.ilora.gguf.BlockRounding;
import dev.ilora.tensor.DType;
import java.util.Optional;

/**
 * How the frozen matrices of a decoder are held in memory. They are computed in the type they are
 * multiplied in for as long as they are used. Vectors, such as norms, are few and are held in that
 * type always.
 */
public enum WeightForm {
  /** As the file stores them. */
  ASIS,
  /** 16 bits with the range of 32. */
  BF16,
  /** 32 bits. */
  FP32,
  /** 8 bits and a scale for 32 values. */
  INT8,
  /** 4 bits and a scale for 32 values. */
  Q4_0,
  /** 4 bits that name levels of a normal distribution, and a scale for 64 values. */
  NF4;

  /** The type of a form that has one. */
  Optional<DType> dtype() {
    return switch (this) {
      case BF16 -> Optional.of(DType.BF16);
      case FP32 -> Optional.of(DType.F32);
      case ASIS, INT8, Q4_0, NF4 -> Optional.empty();
    };
  }

  /** Whether matrices are rounded on loading to what no file holds. */
  public boolean rounds() {
    return rounding().isPresent();
  }

  /** How matrices are rounded to blocks on loading. */
  Optional<BlockRounding> rounding() {
    return switch (this) {
      case INT8 -> Optional.of(BlockRounding.Q8_0);
      case Q4_0 -> Optional.of(BlockRounding.Q4_0);
      case NF4 -> Optional.of(BlockRounding.NF4);
      case ASIS, BF16, FP32 -> Optional.empty();
    };
  }
}
