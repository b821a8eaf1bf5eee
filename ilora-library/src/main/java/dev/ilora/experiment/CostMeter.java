package dev.ilora.experiment;

import dev.ilora.RunContext;
import dev.ilora.machine.PeakMemory;
import dev.ilora.runs.Cost;
import dev.ilora.runs.LiveRecord;
import dev.ilora.runs.Phase;
import dev.ilora.tensor.Torch;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Measures what the phases of a run cost, and writes it to the record as each ends. */
final class CostMeter {
  private final LiveRecord record;
  private final RunContext context;
  private boolean alone = true;

  CostMeter(LiveRecord record, RunContext context) {
    this.record = record;
    this.context = context;
  }

  /** Says that others run in this process: memory is then nobody's in particular. */
  void amongOthers() {
    alone = false;
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
              Instant before = context.clock().instant();
              work.run();
              spend(Phase.REHEARSE, before, Optional.of(memory));
            });
  }

  /**
   * Records what a phase took, even where it was interrupted or failed: one that is taken up again
   * has cost both.
   */
  private void recorded(Phase phase, Optional<PeakMemory> memory, Runnable work) {
    Instant before = context.clock().instant();
    try {
      work.run();
    } finally {
      spend(phase, before, memory);
    }
  }

  private void spend(Phase phase, Instant before, Optional<PeakMemory> memory) {
    Cost cost =
        new Cost(
            context.since(before).toMillis() / 1000.0,
            OptionalInt.of(Torch.threads()),
            memory.map(from -> OptionalLong.of(from.bytes())).orElse(OptionalLong.empty()));
    record.change(now -> now.plus(phase, cost));
    record.flush();
  }
}
