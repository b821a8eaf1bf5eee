package dev.ilora.llm;

import dev.ilora.BadInputException;
import dev.ilora.gguf.BlockRounding;
import dev.ilora.gguf.GgufModel;
import dev.ilora.gguf.PackedMatrix;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.StoredTensors;
import dev.ilora.tensor.Tensor;
import java.util.Optional;

/**
 * Reads weights of a file into the form they are held in.
 *
 * @param stored the file
 * @param device weights are multiplied on
 * @param dtype weights are multiplied in
 * @param form of matrices; as they are multiplied where absent
 */
record WeightLoader(StoredTensors stored, Device device, DType dtype, Optional<WeightForm> form) {

  /**
   * Reads a weight.
   *
   * @throws BadInputException as {@link StoredTensors#load}, or if a value is too large for the
   *     form, naming the weight
   */
  Weight load(String name) {
    Optional<BlockRounding> rounding = rounding(name);
    if (rounding.isPresent()) {
      return new Weight.Packed(rounded(name, rounding.get()), dtype, device);
    }
    if (isAsis(name) && stored instanceof GgufModel file) {
      Optional<PackedMatrix> packed = file.loadPacked(name);
      if (packed.isPresent()) {
        return new Weight.Packed(packed.get(), dtype, device);
      }
    }
    DType held = type(name);
    return held == dtype
        ? new Weight.Dense(stored.load(name, device, dtype))
        : new Weight.Typed(stored.load(name, Device.CPU, held), dtype, device);
  }

  /** Bytes that a weight will take, without reading it. */
  long bytes(String name) {
    long values = 1;
    for (long size : stored.shape(name)) {
      values *= size;
    }
    long count = values;
    return rounding(name)
        .map(rounding -> rounding.bytes(count))
        .orElseGet(() -> isAsis(name) ? stored.storage(name).bytes() : count * type(name).bytes());
  }

  private boolean isAsis(String name) {
    return form.equals(Optional.of(WeightForm.ASIS)) && stored.shape(name).length == 2;
  }

  /** How a weight is rounded on loading. */
  private Optional<BlockRounding> rounding(String name) {
    return form.flatMap(WeightForm::rounding).filter(rounding -> rounding.fits(stored.shape(name)));
  }

  /**
   * The type a weight is held in that is not held in blocks; vectors are as they are multiplied.
   */
  private DType type(String name) {
    if (isAsis(name)) {
      return stored.dtype(name);
    }
    boolean matrix = stored.shape(name).length == 2;
    return form.filter(_ -> matrix).flatMap(WeightForm::dtype).orElse(dtype);
  }

  private PackedMatrix rounded(String name, BlockRounding rounding) {
    try (Tensor matrix = stored.load(name, Device.CPU, DType.F32)) {
      return PackedMatrix.of(matrix, rounding);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(stored.path(), "tensor '%s': %s".formatted(name, e.getMessage()));
    }
  }
}
