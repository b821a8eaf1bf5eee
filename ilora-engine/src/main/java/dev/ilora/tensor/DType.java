package dev.ilora.tensor;

import org.bytedeco.pytorch.global.torch;

/** Element types, with their names in safetensors files and their size. */
public enum DType {
  F32(4, torch.ScalarType.Float),
  F64(8, torch.ScalarType.Double),
  F16(2, torch.ScalarType.Half),
  BF16(2, torch.ScalarType.BFloat16),
  I64(8, torch.ScalarType.Long),
  I32(4, torch.ScalarType.Int),
  I16(2, torch.ScalarType.Short),
  U8(1, torch.ScalarType.Byte),
  BOOL(1, torch.ScalarType.Bool);

  private final int bytes;
  private final torch.ScalarType scalarType;

  DType(int bytes, torch.ScalarType scalarType) {
    this.bytes = bytes;
    this.scalarType = scalarType;
  }

  /** Bytes one element takes. */
  public int bytes() {
    return bytes;
  }

  /** Whether values of this type are real numbers (so that gradients can exist). */
  public boolean isFloating() {
    return this == F32 || this == F64 || this == F16 || this == BF16;
  }

  torch.ScalarType scalarType() {
    return scalarType;
  }

  static DType of(torch.ScalarType type) {
    for (DType candidate : values()) {
      if (candidate.scalarType.value == type.value) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("element type " + type.intern() + " is not supported");
  }
}
