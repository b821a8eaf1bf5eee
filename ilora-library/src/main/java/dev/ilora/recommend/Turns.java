package dev.ilora.recommend;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets one thread at a time compute. The number of threads of an operation is a setting of the
 * whole process, so that requests computed side by side would change each other's; each uses all
 * cores anyway.
 */
final class Turns {
  private static final ReentrantLock LOCK = new ReentrantLock(true);

  private Turns() {}

  static <T> T take(Supplier<T> work) {
    LOCK.lock();
    try {
      return work.get();
    } finally {
      LOCK.unlock();
    }
  }
}
