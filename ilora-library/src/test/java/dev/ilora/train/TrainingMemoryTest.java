package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.RunContext;
import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Projection;
import dev.ilora.data.Case;
import dev.ilora.hybrid.PromptModel;
import dev.ilora.hybrid.TinyModels;
import dev.ilora.hybrid.Tuning;
import dev.ilora.prompt.ItemEmbeddings;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Torch;
import dev.ilora.tokenizer.Tokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long training holds no more native memory at its end than when it had warmed up. */
class TrainingMemoryTest {
  private static final String FUNCTION = "mallinfo2";
  // Places of hblkhd and uordblks in its result.
  private static final int MAPPED = 4;
  private static final int IN_USE = 7;
  private static final TinyModels.Kind KIND = TinyModels.Kind.of(ItemEmbeddings.TITLE_TOKENS);
  private static final int STEPS = 2000;
  private static final int WARM = 500;
  // The compiler of the JVM takes and returns some 8 MB meanwhile.
  private static final long LEAST_LEAK = 24L << 20;

  @TempDir Path folder;
  private long warmBytes;

  /** Bytes allocated natively and not freed, by glibc's count; the Java heap is not among them. */
  private static long allocatedBytes() {
    Linker linker = Linker.nativeLinker();
    MemorySegment function = linker.defaultLookup().find(FUNCTION).orElseThrow();
    MemoryLayout counts = MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);
    StructLayout result = MemoryLayout.structLayout(counts);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all =
          (MemorySegment)
              linker
                  .downcallHandle(function, FunctionDescriptor.of(result))
                  .invokeExact((SegmentAllocator) arena);
      return all.getAtIndex(ValueLayout.JAVA_LONG, MAPPED)
          + all.getAtIndex(ValueLayout.JAVA_LONG, IN_USE);
    } catch (Throwable e) { // what invokeExact declares
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Tag("slow")
  void memoryIsFlatOverTwoThousandSteps() throws IOException {
    boolean counted = Linker.nativeLinker().defaultLookup().find(FUNCTION).isPresent();
    Assumptions.assumeTrue(counted, "needs glibc's " + FUNCTION);
    int threads = Torch.threads();
    Torch.threads(1);
    try (Tokenizer tokenizer = TinyModels.tokenizer(folder);
        var _ = Scope.open()) {
      PromptModel model = small(TinyModels.fresh(tokenizer, KIND));
      List<Case> rows = ResumeTest.rows(1);
      var settings = Steps.settings(STEPS, 1, 1, false);
      Task task =
          new AdaptationTask("training", model, rows, ResumeTest.seen(rows), settings, 2, 5);
      new Trainer(
              TrainerConfig.of(STEPS, 0.001),
              1,
              Optional.empty(),
              this::look,
              RunContext.silent(InstantSource.system()))
          .run(task);
      long grown = allocatedBytes() - warmBytes;
      assertTrue(grown < LEAST_LEAK, "grew by %d bytes".formatted(grown));
    } finally {
      Torch.threads(threads);
    }
  }

  /** With fewer adapters, for speed. */
  private static PromptModel small(PromptModel model) {
    var mixture = (Tuning.Mixture) model.tuning();
    AdapterConfig config =
        AdapterConfig.mixture(Set.of(Projection.Q_PROJ, Projection.DOWN_PROJ), 2, 2, 8, 0.1);
    return new PromptModel(
        model.llama(),
        model.encoder(),
        model.encoder(),
        model.conditioning(),
        new Tuning.Mixture(
            Adapters.create(config, model.llama().config().shape(), 1, Device.CPU),
            mixture.gate(),
            mixture.input()));
  }

  private void look(Trainer.Step step) {
    if (step.step() == WARM) {
      warmBytes = allocatedBytes();
    }
  }
}
