package dev.ilora.train;

import dev.ilora.BadInputException;
import dev.ilora.files.Folders;
import dev.ilora.files.SealedFile;
import dev.ilora.nn.Adam;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.tensor.WeightLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The states of a training between two steps, one safetensors file a checkpoint: parameters,
 * buffers, optimiser state, and in the metadata the step and the fingerprint of what is being
 * trained. Written whole or not at all; the two newest are kept.
 *
 * @param folder where they are; need not exist yet
 * @param fingerprint identifies what is trained on what; a checkpoint with another one is refused
 */
public record Checkpoints(Path folder, String fingerprint) {
  private static final String PREFIX = "step-";
  private static final String SUFFIX = ".safetensors";
  private static final String PARAMETER = "parameter.";
  private static final String BUFFER = "buffer.";
  private static final String OPTIMISER = "optimiser.";
  private static final int KEPT = 2;

  private record Stored(
      long step, String fingerprint, OptionalInt threads, Map<String, Tensor> tensors) {}

  /**
   * Where a training goes on.
   *
   * @param step the number of steps done
   * @param threads the steps were done on, where that is known; other threads give other last bits
   */
  record Restored(long step, OptionalInt threads) {}

  /**
   * Writes the state after {@code step} steps and deletes all but the newest two.
   *
   * @param buffers what training changes beside the parameters
   * @throws UncheckedIOException if the disk refuses, naming the file; former checkpoints stay
   */
  void write(long step, Adam optimiser, Map<String, Tensor> buffers) {
    try (var _ = Scope.open()) {
      Path file = folder.resolve(String.format(Locale.ROOT, "%s%08d%s", PREFIX, step, SUFFIX));
      SafeTensors.write(
          file,
          state(optimiser, buffers),
          Map.of(
              "step",
              Long.toString(step),
              "fingerprint",
              fingerprint,
              "threads",
              Integer.toString(Torch.threads())));
      List<Path> files = files();
      for (Path old : files.subList(0, Math.max(0, files.size() - KEPT))) {
        SealedFile.delete(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": old checkpoints cannot be deleted", e);
    }
  }

  private static Map<String, Tensor> state(Adam optimiser, Map<String, Tensor> buffers) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    optimiser.parameters().forEach((name, tensor) -> all.put(PARAMETER + name, tensor));
    buffers.forEach((name, tensor) -> all.put(BUFFER + name, tensor));
    optimiser.state().forEach((name, tensor) -> all.put(OPTIMISER + name, tensor));
    return all;
  }

  /**
   * Puts the newest checkpoint's state into the parameters, the buffers and the optimiser.
   *
   * @return what was restored, or empty where there is no checkpoint
   * @throws BadInputException if the checkpoint belongs to another training, or is damaged; nothing
   *     is changed then
   */
  Optional<Restored> restore(Adam optimiser, Map<String, Tensor> buffers) {
    List<Path> files = files();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    try (var _ = Scope.open()) {
      Stored stored = newest(files);
      if (!fingerprint.equals(stored.fingerprint())) {
        throw new BadInputException(
            files.getLast(),
            "checkpoint of another training: its fingerprint is %s, that of this one %s; use another folder, or delete %s"
                .formatted(stored.fingerprint(), fingerprint, folder));
      }
      requireFit(files, stored.tensors(), state(optimiser, buffers));
      Torch.noGrad(
          () -> {
            copy(stored, PARAMETER, optimiser.parameters());
            copy(stored, BUFFER, buffers);
          });
      Map<String, Tensor> moments = new LinkedHashMap<>();
      stored
          .tensors()
          .forEach(
              (name, tensor) -> {
                if (name.startsWith(OPTIMISER)) {
                  moments.put(name.substring(OPTIMISER.length()), tensor);
                }
              });
      optimiser.loadState(moments);
      return Optional.of(new Restored(stored.step(), stored.threads()));
    }
  }

  /** The threads that the newest checkpoint was made on, where there is one that tells. */
  OptionalInt threads() {
    List<Path> files = files();
    if (files.isEmpty()) {
      return OptionalInt.empty();
    }
    try (SafeTensors stored = SafeTensors.open(files.getLast())) {
      return threads(stored);
    } catch (BadInputException e) {
      // Restoring says what is wrong with it and what to do.
      return OptionalInt.empty();
    }
  }

  private static OptionalInt threads(SafeTensors stored) {
    String threads = stored.metadata().getOrDefault("threads", "");
    return threads.matches("\\d{1,9}") && Integer.parseInt(threads) > 0
        ? OptionalInt.of(Integer.parseInt(threads))
        : OptionalInt.empty();
  }

  /**
   * Sets the threads that training goes on with to those it began with, so that it ends with the
   * bits it would have had without the interruption.
   */
  public Torch.Threads onTheirThreads() {
    return Torch.onThreads(threads().orElse(Torch.threads()));
  }

  /** Whether there are none of another training. */
  boolean fit() {
    List<Path> files = files();
    if (files.isEmpty()) {
      return true;
    }
    try (SafeTensors stored = SafeTensors.open(files.getLast())) {
      return fingerprint.equals(stored.metadata().get("fingerprint"));
    }
  }

  /** Deletes all of them and their folder. */
  public void delete() {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be deleted: " + e.getMessage(), e);
    }
  }

  private static Stored newest(List<Path> files) {
    try {
      return read(files.getLast());
    } catch (BadInputException e) {
      throw damaged(files, e.getMessage().replace(files.getLast() + ": ", ""));
    }
  }

  private static Stored read(Path file) {
    try (SafeTensors stored = SafeTensors.open(file)) {
      String step = stored.metadata().get("step");
      if (step == null || !step.matches("\\d{1,18}")) {
        throw new BadInputException(file, "metadata 'step': expected a number, got " + step);
      }
      return new Stored(
          Long.parseLong(step),
          stored.metadata().get("fingerprint"),
          threads(stored),
          stored.loadAll());
    }
  }

  private static void requireFit(
      List<Path> files, Map<String, Tensor> stored, Map<String, Tensor> expected) {
    try {
      WeightLayout.like(expected).require(stored, "this training");
    } catch (IllegalArgumentException e) {
      throw damaged(files, e.getMessage());
    }
  }

  /** Says what is wrong with the newest checkpoint and what remains without it. */
  private static BadInputException damaged(List<Path> files, String what) {
    String remedy = "delete it to start from the beginning";
    for (Path former : files.subList(0, files.size() - 1)) {
      if (isReadable(former)) {
        remedy = "delete it to go on from " + former.getFileName();
      }
    }
    return new BadInputException(files.getLast(), "damaged checkpoint: " + what + "; " + remedy);
  }

  private static boolean isReadable(Path file) {
    try (SafeTensors _ = SafeTensors.open(file)) {
      return true;
    } catch (BadInputException e) {
      return false;
    }
  }

  private static void copy(Stored stored, String prefix, Map<String, Tensor> into) {
    into.forEach((name, tensor) -> tensor.copyInPlace(stored.tensors().get(prefix + name)));
  }

  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var entries = Files.list(folder)) {
      return entries
          .filter(f -> f.getFileName().toString().matches(PREFIX + "\\d+\\Q" + SUFFIX + "\\E"))
          .filter(f -> !Files.isDirectory(f))
          .sorted(Comparator.comparing(Path::getFileName))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be listed", e);
    }
  }
}
