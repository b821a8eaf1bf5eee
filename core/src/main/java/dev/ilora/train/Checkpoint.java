package dev.ilora.train;

import dev.ilora.BadInputException;
import dev.ilora.nn.Adam;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a run between two steps, one safetensors file a checkpoint: parameters, optimiser
 * state, and in the metadata the step and the fingerprint of what is being trained. Written whole
 * or not at all; the two newest are kept.
 */
final class Checkpoint {
  private static final String PREFIX = "step-";
  private static final String SUFFIX = ".safetensors";
  private static final int KEPT = 2;

  private Checkpoint() {}

  /** Writes the state after {@code step} steps and deletes all but the newest two. */
  static void write(Path folder, long step, String fingerprint, Adam optimiser) {
    try (var _ = Scope.open()) {
      Map<String, Tensor> all = new LinkedHashMap<>();
      optimiser.parameters().forEach((name, tensor) -> all.put("parameter." + name, tensor));
      optimiser.state().forEach((name, tensor) -> all.put("optimiser." + name, tensor));
      Path file = folder.resolve(PREFIX + "%08d".formatted(step) + SUFFIX);
      SafeTensors.write(file, all, Map.of("step", Long.toString(step), "fingerprint", fingerprint));
      List<Path> files = files(folder);
      for (Path old : files.subList(0, Math.max(0, files.size() - KEPT))) {
        Files.delete(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": old checkpoints cannot be deleted", e);
    }
  }

  /**
   * Puts the newest checkpoint's state into the parameters and the optimiser.
   *
   * @return the number of steps done, or empty where there is no checkpoint
   * @throws BadInputException if the checkpoint belongs to another training
   */
  static Optional<Long> restore(Path folder, String fingerprint, Adam optimiser) {
    List<Path> files = files(folder);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    Path newest = files.getLast();
    try (var _ = Scope.open();
        SafeTensors stored = SafeTensors.open(newest)) {
      String found = stored.metadata().get("fingerprint");
      if (!fingerprint.equals(found)) {
        throw new BadInputException(
            newest,
            "checkpoint of another training: its fingerprint is %s, this recipe's %s. Use another run folder, or delete this one"
                .formatted(found, fingerprint));
      }
      Torch.noGrad(
          () ->
              optimiser
                  .parameters()
                  .forEach((name, tensor) -> copy(stored, "parameter." + name, tensor)));
      Map<String, Tensor> state = new LinkedHashMap<>();
      for (String name : stored.names()) {
        if (name.startsWith("optimiser.")) {
          state.put(name.substring("optimiser.".length()), stored.load(name));
        }
      }
      optimiser.loadState(state);
      return Optional.of(Long.parseLong(stored.metadata().get("step")));
    }
  }

  private static void copy(SafeTensors stored, String name, Tensor into) {
    into.copyInPlace(stored.load(name).requireShape(name, into.shape()));
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var entries = Files.list(folder)) {
      return entries
          .filter(f -> f.getFileName().toString().matches(PREFIX + "\\d+\\" + SUFFIX))
          .sorted(Comparator.comparing(Path::getFileName))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be listed", e);
    }
  }
}
