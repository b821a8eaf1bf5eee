package dev.ilora.bench;

import dev.ilora.tensor.DType;

/**
 * One way of doing a piece of work that is compared with others.
 *
 * @param name unique within a bench, such as {@code "ilora fp32"}
 * @param work one repetition; frees what it allocates
 */
public record Variant(String name, Runnable work) {
  /** The name of a way of working over frozen weights of a type: {@code "ilora bf16"}. */
  static String name(String way, DType dtype) {
    return way + " " + word(dtype);
  }

  /** Whether this is the name, or the way of working it names over any type. */
  boolean isNamed(String wanted) {
    return name.equals(wanted)
        || name.equals(name(wanted, DType.F32))
        || name.equals(name(wanted, DType.BF16));
  }

  private static String word(DType dtype) {
    return dtype == DType.F32 ? "fp32" : "bf16";
  }
}
