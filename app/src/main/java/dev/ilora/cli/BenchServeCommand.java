package dev.ilora.cli;

import dev.ilora.bench.Harness;
import dev.ilora.bench.ServeBench;
import dev.ilora.recommend.Recommender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ilora bench serve}. */
@CommandLine.Command(
    name = "serve",
    header =
        "A model as a service uses it: loading, first answer, requests one by one and batched.",
    description = {
      "Requests have random histories and rank all items. The command fails if one batch gives",
      "other items, another order or scores that differ by more than 0.0001."
    },
    footer = {"", "Example:", "  ilora bench serve films-model --requests 1000 --repetitions 1"})
final class BenchServeCommand implements Command {
  @Mixin private BenchOptions options;

  @Mixin private ModelArgument model;

  @Option(
      names = "--requests",
      paramLabel = "N",
      description = "Requests of one round (default: ${DEFAULT-VALUE}).")
  private int requests = 1000;

  @Override
  public void run(Terminal terminal) {
    Harness harness = options.harness(terminal);
    ServeBench.Result result = ServeBench.run(this::load, requests, harness);
    options.print(result.sizes(), result.measurements(), List.of(), terminal);
    result
        .difference()
        .ifPresent(
            text -> {
              throw new IllegalStateException(text);
            });
  }

  private Recommender load() {
    try {
      return model.load();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
