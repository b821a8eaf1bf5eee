package dev.ilora.recommend;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets one thread at a time compute, until the model is closed. The number of threads of an
 * operation is a setting of the whole process, so that requests computed side by side would change
 * each other's; each uses all cores anyway. All models of a process therefore take turns.
 */
final class Turns {
  private static final ReentrantLock LOCK = new ReentrantLock(true);

  private boolean closed;

  /**
   * Waits for this thread's turn and works.
   *
   * @throws IllegalStateException if the model is closed
   */
  <T> T take(Supplier<T> work) {
    LOCK.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the recommender is closed");
      }
      return work.get();
    } finally {
      LOCK.unlock();
    }
  }

  /** Waits for whoever computes, then frees the model, once. */
  void close(Runnable free) {
    LOCK.lock();
    try {
      if (!closed) {
        closed = true;
        free.run();
      }
    } finally {
      LOCK.unlock();
    }
  }
}
