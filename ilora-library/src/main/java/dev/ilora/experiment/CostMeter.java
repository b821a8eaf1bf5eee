package dev.ilora.experiment;

import dev.ilora.RunContext;
import dev.ilora.machine.PeakMemory;
import dev.ilora.runs.Cost;
import dev.ilora.runs.LiveRecord;
import dev.ilora.runs.Phase;
import dev.ilora.tensor.Torch;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Measures what the phases of a run cost. The record is written as each ends, and every two seconds
 * what it has taken so far: a process that is killed loses no more than that of it.
 */
final class CostMeter {
  private static final long KEPT_EVERY_MILLIS = 2000;

  private final LiveRecord record;
  private final RunContext context;
  private boolean alone = true;
  private Optional<Measurement> current = Optional.empty();

  CostMeter(LiveRecord record, RunContext context) {
    this.record = record;
    this.context = context;
  }

  /** Says that others run in this process: memory is then nobody's in particular. */
  void amongOthers() {
    alone = false;
  }

  /** Whether others run in this process. */
  boolean isAmongOthers() {
    return !alone;
  }

  /** Does the work of a phase and records its time and, where this run is alone, its memory. */
  void measured(Phase phase, Runnable work) {
    recorded(phase, alone ? PeakMemory.begin() : Optional.empty(), work);
  }

  /** Does the work of a phase and records its time. */
  void timed(Phase phase, Runnable work) {
    recorded(phase, Optional.empty(), work);
  }

  /** Does work only for its memory: not where that cannot be measured. */
  void rehearsed(Runnable work) {
    PeakMemory.begin()
        .ifPresent(
            memory -> {
              Measurement begun = begin(Phase.REHEARSE, Optional.of(memory));
              work.run();
              spend(begun);
            });
  }

  /** Writes a file of the run with its hash in the record. */
  void piece(Path file, Runnable work) {
    record.piece(file, this::flush, work);
  }

  /** Writes the record as it is now, with what the phase that goes on has taken so far. */
  void flush() {
    if (current.isPresent()) {
      record.flush(current.get().phase(), soFar(current.get()));
    } else {
      record.flush();
    }
  }

  /** A phase that goes on. The number of threads is a setting of the thread that works. */
  private record Measurement(
      Phase phase, Instant before, int threads, Optional<PeakMemory> memory) {}

  private Measurement begin(Phase phase, Optional<PeakMemory> memory) {
    return new Measurement(phase, context.clock().instant(), Torch.threads(), memory);
  }

  /**
   * Records what a phase took, even where it was interrupted or failed: one that is taken up again
   * has cost both.
   */
  private void recorded(Phase phase, Optional<PeakMemory> memory, Runnable work) {
    Measurement begun = begin(phase, memory);
    current = Optional.of(begun);
    try (var _ = new Keeper(() -> record.keepCost(phase, soFar(begun)))) {
      work.run();
    } finally {
      current = Optional.empty();
      spend(begun);
    }
  }

  private Cost soFar(Measurement begun) {
    return new Cost(
        Math.max(0, context.since(begun.before()).toMillis() / 1000.0),
        OptionalInt.of(begun.threads()),
        begun.memory().map(from -> OptionalLong.of(from.bytes())).orElse(OptionalLong.empty()));
  }

  private void spend(Measurement begun) {
    Cost cost = soFar(begun);
    record.change(now -> now.plus(begun.phase(), cost));
    record.flush();
  }

  /** Does something now and then in a thread of its own, until it is closed. */
  private static final class Keeper implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    Keeper(Runnable keep) {
      thread = Thread.ofPlatform().daemon().name("costs").start(() -> run(keep));
    }

    private void run(Runnable keep) {
      try {
        while (!closed.await(KEPT_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
          keep.run();
        }
      } catch (UncheckedIOException e) {
        // The end of the phase writes the same file and says what is wrong with it.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      closed.countDown();
      boolean interrupted = false;
      while (true) {
        try {
          thread.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
