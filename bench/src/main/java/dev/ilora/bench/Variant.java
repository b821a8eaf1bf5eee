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
    return way + (dtype == DType.F32 ? " fp32" : " bf16");
  }
}
