package dev.ilora.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MakingLockTest {
  @TempDir Path folder;

  @Test
  void oneMakesAndTheOthersFindItMade() throws Exception {
    AtomicInteger made = new AtomicInteger();
    Callable<Integer> maker =
        () -> {
          try (var _ = MakingLock.of(folder.resolve("model"))) {
            if (made.get() == 0) {
              Thread.sleep(50);
              made.incrementAndGet();
            }
            return made.get();
          }
        };
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Integer>> makers = Stream.generate(() -> maker).limit(4).toList();
      for (var result : pool.invokeAll(makers)) {
        assertEquals(1, result.get());
      }
    }
  }
}
