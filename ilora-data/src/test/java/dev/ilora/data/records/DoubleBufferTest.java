package dev.ilora.data.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DoubleBufferTest {
  @Test
  void buffersComeInOrderAndStayAsTheyAreWhileInUse() {
    AtomicInteger count = new AtomicInteger();
    try (DoubleBuffer<int[]> buffers =
        new DoubleBuffer<>(new int[1], new int[1], b -> b[0] = count.incrementAndGet())) {
      for (int i = 1; i <= 2000; i++) {
        int[] buffer = buffers.next();
        assertEquals(i, buffer[0]);
        while (count.get() == i) {
          Thread.onSpinWait();
        }
        assertEquals(i, buffer[0]);
        assertEquals(i + 1, count.get());
      }
    }
  }

  @Test
  void whatGoesWrongWhileFillingIsThrownWhereTheBufferIsAskedFor() {
    IllegalStateException mistake = new IllegalStateException("mistake");
    try (DoubleBuffer<int[]> buffers =
        new DoubleBuffer<>(new int[1], new int[1], b -> fail(mistake))) {
      assertSame(mistake, assertThrows(CompletionException.class, buffers::next).getCause());
    }
    OutOfMemoryError error = new OutOfMemoryError();
    try (DoubleBuffer<int[]> buffers =
        new DoubleBuffer<>(new int[1], new int[1], b -> fail(error))) {
      assertSame(error, assertThrows(OutOfMemoryError.class, buffers::next));
    }
  }

  private static void fail(Throwable throwable) {
    switch (throwable) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(throwable);
    }
  }

  @Test
  @SuppressWarnings("ThreadPriorityCheck") // only to give the closing thread a chance to be early
  void closingWaitsForTheBufferBeingFilled() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean filling = new AtomicBoolean();
    DoubleBuffer<int[]> buffers =
        new DoubleBuffer<>(
            new int[1],
            new int[1],
            b -> {
              filling.set(true);
              begun.countDown();
              Thread.yield();
              filling.set(false);
            });
    begun.await();
    buffers.close();
    assertFalse(filling.get());
  }
}
