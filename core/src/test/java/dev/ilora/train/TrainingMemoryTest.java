package dev.ilora.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.adapter.AdapterConfig;
import dev.ilora.adapter.Adapters;
import dev.ilora.adapter.Projection;
import dev.ilora.data.Row;
import dev.ilora.model.PromptModel;
import dev.ilora.model.TinyModels;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Torch;
import dev.ilora.text.ItemEmbeddings;
import dev.ilora.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long training holds no more native memory at its end than when it had warmed up. */
class TrainingMemoryTest {
  private static final Path STATISTICS = Path.of("/proc/self/statm");
  private static final TinyModels.Kind KIND = TinyModels.Kind.of(ItemEmbeddings.TITLE_TOKENS);
  private static final int STEPS = 2000;
  private static final int WARM = 500;
  private static final long LEAST_LEAK = 20L << 20;

  @TempDir Path folder;
  private long warmResident;

  private static long residentBytes() {
    try {
      return Long.parseLong(Files.readString(STATISTICS).split(" ")[1]) * 4096;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void memoryIsFlatOverTwoThousandSteps() throws IOException {
    Assumptions.assumeTrue(Files.exists(STATISTICS), "needs " + STATISTICS);
    int threads = Torch.threads();
    Torch.threads(1);
    try (Tokenizer tokenizer = TinyModels.tokenizer(folder);
        var _ = Scope.open()) {
      PromptModel model = small(TinyModels.fresh(tokenizer, KIND));
      List<Row> rows = ResumeTest.rows(1);
      var settings = new AdaptationTask.Settings(1, 1, 2, 1, 0.3, false);
      Task task =
          new AdaptationTask("training", model, rows, ResumeTest.seen(rows), settings, STEPS, 5);
      new Trainer(
              TrainerConfig.of(STEPS, 0.001),
              1,
              null,
              "",
              dev.ilora.Progress.NONE,
              dev.ilora.Interruption.never(),
              this::look,
              java.time.InstantSource.system())
          .run(task);
      long resident = residentBytes() - warmResident;
      assertTrue(resident < LEAST_LEAK, "grew by %d bytes".formatted(resident));
    } finally {
      Torch.threads(threads);
    }
  }

  /** With fewer adapters, for speed. */
  private static PromptModel small(PromptModel model) {
    PromptModel.Parts all = model.parts();
    AdapterConfig config =
        AdapterConfig.mixture(Set.of(Projection.Q_PROJ, Projection.DOWN_PROJ), 2, 2, 8, 0.1);
    return new PromptModel(
        model.llama(),
        model.encoder(),
        model.encoder(),
        new PromptModel.Parts(
            all.recommender(),
            all.items(),
            all.users(),
            Adapters.create(config, model.llama().config().shape(), 1, Device.CPU),
            all.gate(),
            all.guidance(),
            0));
  }

  private void look(Trainer.Step step) {
    if (step.step() == WARM) {
      warmResident = residentBytes();
    }
  }
}
