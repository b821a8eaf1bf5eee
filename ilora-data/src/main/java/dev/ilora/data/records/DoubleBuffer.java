package dev.ilora.data.records;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Two buffers that take turns: a thread of its own fills one while the other is in use. Order and
 * results are those of one thread.
 */
public final class DoubleBuffer<T> implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("double-buffer").factory());
  private final Consumer<T> filler;
  private CompletableFuture<T> coming;
  private T inUse;

  /** Begins to fill the first buffer. */
  public DoubleBuffer(T first, T second, Consumer<T> filler) {
    this.filler = filler;
    this.coming = fill(first);
    this.inUse = second;
  }

  /** The next filled buffer. The one before is filled anew from now on. */
  public T next() {
    T free = inUse;
    try {
      inUse = coming.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
    coming = fill(free);
    return inUse;
  }

  private CompletableFuture<T> fill(T buffer) {
    return CompletableFuture.supplyAsync(
        () -> {
          filler.accept(buffer);
          return buffer;
        },
        thread);
  }

  /** Waits until the buffer being filled is full. */
  @Override
  public void close() {
    thread.close();
  }
}
