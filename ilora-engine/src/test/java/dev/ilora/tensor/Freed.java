package dev.ilora.tensor;

/** Tells tests whether tensors were freed. */
public final class Freed {
  private Freed() {}

  /** Whether the memory of a tensor was given back. */
  public static boolean is(Tensor tensor) {
    return tensor.raw().isNull();
  }
}
