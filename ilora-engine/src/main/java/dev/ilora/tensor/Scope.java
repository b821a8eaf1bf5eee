package dev.ilora.tensor;

import org.bytedeco.javacpp.PointerScope;

/**
 * The lifetime of native memory. Every tensor belongs to the innermost scope open on its thread
 * when it was made, and is freed when that scope closes; made outside any scope, it lives until
 * {@link Tensor#close()}.
 *
 * <pre>{@code
 * try (var scope = Scope.open()) {
 *   Tensor loss = model.loss(batch);
 *   loss.backward();
 *   return scope.keep(loss.detach());   // now belongs to the enclosing scope
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
  private final PointerScope parent;
  private final PointerScope own;

  private Scope() {
    Natives.load();
    parent = PointerScope.getInnerScope();
    own = new PointerScope();
  }

  /** Opens a scope on the current thread. */
  public static Scope open() {
    return new Scope();
  }

  /**
   * Lets a tensor made in this scope outlive it: it then belongs to the enclosing scope, or to the
   * caller.
   */
  public Tensor keep(Tensor tensor) {
    if (parent == null) {
      tensor.owned();
    } else {
      parent.attach(tensor.raw());
    }
    return tensor;
  }

  /** Frees everything made in this scope and not kept. */
  @Override
  public void close() {
    own.close();
  }
}
