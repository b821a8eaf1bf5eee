package dev.ilora.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.BadInputException;
import dev.ilora.InterruptedRunException;
import dev.ilora.Interruption;
import dev.ilora.RunContext;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
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

  @Test
  void whoIsRefusedReadsWhichProcessHasIt() throws Exception {
    Path target = folder.resolve("run");
    try (OtherProcess other = OtherProcess.locking(target)) {
      String message =
          assertThrows(BadInputException.class, () -> MakingLock.refusing(target)).getMessage();
      assertTrue(
          message.matches(
              "\\Q%s: is in use by process %s on \\E\\S+ since \\d{4}-\\d\\d-\\d\\dT[\\d:]{8}Z: wait"
                      .formatted(target, other.pid())
                  + " until that is done, or choose another name"),
          message);
    }
  }

  @Test
  void whoWaitsIsToldForWhomAndCanStop() throws Exception {
    Path target = folder.resolve("run");
    List<String> told = new ArrayList<>();
    Interruption interruption = Interruption.never();
    RunContext context =
        new RunContext(
            (what, _, _, detail) -> {
              told.add(what + ": " + detail);
              interruption.request();
            },
            interruption,
            InstantSource.system());
    try (OtherProcess other = OtherProcess.locking(target)) {
      assertThrows(InterruptedRunException.class, () -> MakingLock.waiting(target, context));
      assertEquals(1, told.size());
      String start = "waiting: %s is in use by process %s on ".formatted(target, other.pid());
      assertTrue(told.getFirst().startsWith(start), told.getFirst());
    }
  }

  @Test
  void theLockOfAKilledProcessIsFree() throws Exception {
    Path target = folder.resolve("run");
    try (OtherProcess other = OtherProcess.locking(target)) {
      other.kill();
      try (MakingLock lock = MakingLock.refusing(target)) {
        assertTrue(lock.outermost());
      }
    }
  }

  @Test
  void theThreadThatHasItMayTakeItAgainAndOthersMayNot() throws Exception {
    Path target = folder.resolve("run");
    try (var _ = MakingLock.refusing(target)) {
      try (MakingLock again = MakingLock.of(folder.resolve("x/../run"))) {
        assertFalse(again.outermost());
      }
      try (var pool = Executors.newSingleThreadExecutor()) {
        String message =
            pool.submit(
                    () ->
                        assertThrows(
                                BadInputException.class, () -> MakingLock.refusing(target).close())
                            .getMessage())
                .get();
        assertTrue(message.startsWith(target + ": is in use by another part of this"), message);
      }
    }
  }
}
