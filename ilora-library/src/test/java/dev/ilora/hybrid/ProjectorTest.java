package dev.ilora.hybrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ilora.BadInputException;
import dev.ilora.tensor.DType;
import dev.ilora.tensor.Device;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Tensor;
import dev.ilora.tensor.Torch;
import dev.ilora.testing.InScope;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@InScope
class ProjectorTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("projector.safetensors");
  }

  private void assertRefused(
      String message, Map<String, Tensor> weights, Map<String, String> more) {
    SafeTensors.write(file(), weights, more);
    assertEquals(
        file() + ": " + message,
        assertThrows(BadInputException.class, () -> Projector.load(file(), 3, 5, Device.CPU))
            .getMessage());
  }

  @Test
  void comesBackEqual() {
    Projector projector = Projector.create(3, 5, 0.7, 0.02, 1, Device.CPU);
    projector.save(file());
    Projector back = Projector.load(file(), 3, 5, Device.CPU);
    Tensor input = Tensor.of(new float[] {1, -2, 3, 0, 0.5f, 1}, 2, 3);
    assertArrayEquals(projector.project(input).toFloats(), back.project(input).toFloats());
  }

  @Test
  void theScaleOfItsOutputsIsKeptAndNotTrained() {
    Projector unit = Projector.create(3, 5, 0.7, 1, 1, Device.CPU);
    Projector small = unit.outputScale(0.25);
    Tensor input = Tensor.of(new float[] {1, -2, 3, 0, 0.5f, 1}, 2, 3);
    float[] outputs = unit.project(input).toFloats();
    float[] quarters = new float[outputs.length];
    for (int i = 0; i < outputs.length; i++) {
      quarters[i] = outputs[i] / 4;
    }
    assertArrayEquals(quarters, small.project(input).toFloats());
    assertEquals(unit.parameters().keySet(), small.parameters().keySet());
    small.silentAbout(new BitSet()).save(file());
    Projector back = Projector.load(file(), 3, 5, Device.CPU);
    assertArrayEquals(quarters, back.project(input).toFloats());
    assertArrayEquals(quarters, back.shadow().project(input).toFloats());
    assertRefused(
        "metadata 'outputScale': expected a number above 0 and at most 1.0E12, got '0'",
        new LinkedHashMap<>(unit.parameters()),
        Map.of("scale", "1", "outputScale", "0"));
  }

  /** Embeddings begin at the size of token embeddings, whatever the recommender's are. */
  @Test
  void outputsBeginAtTheSizeAskedFor() {
    Torch.seed(2);
    for (double inputSize : new double[] {0.01, 1, 30}) {
      Projector projector = Projector.create(64, 128, inputSize, 0.02, 1, Device.CPU);
      Tensor output = projector.project(Tensor.randn(500, 64).mul(inputSize)).detach();
      double size = Math.sqrt(output.square().mean().item());
      assertEquals(0.02, size, 0.003);
      Tensor input = Tensor.randn(500, 64).mul(inputSize);
      double usual = Projector.size(projector.project(input));
      assertEquals(5 * usual, Projector.size(projector.times(5).project(input)), 1e-4 * usual);
    }
  }

  private static final String NOT_THE_WEIGHTS =
      "not the weights of a projector from 3 to 5 values: ";

  @Test
  void refusesWhatIsNotExactlyAProjector() {
    Map<String, Tensor> good =
        new LinkedHashMap<>(Projector.create(3, 5, 1, 1, 1, Device.CPU).parameters());
    Map<String, String> scale = Map.of("scale", "1.0");
    Map<String, Tensor> lacking = new LinkedHashMap<>(good);
    lacking.remove("b1");
    assertRefused(NOT_THE_WEIGHTS + "weight 'b1' is missing", lacking, scale);
    Map<String, Tensor> more = new LinkedHashMap<>(good);
    more.put("b3", Tensor.zeros(5));
    assertRefused(NOT_THE_WEIGHTS + "weight 'b3' is not expected", more, scale);
    Map<String, Tensor> misshapen = new LinkedHashMap<>(good);
    misshapen.put("w1", Tensor.zeros(5, 4));
    assertRefused(
        NOT_THE_WEIGHTS + "weight 'w1': expected shape [5, 3], got [5, 4]", misshapen, scale);
    Map<String, Tensor> whole = new LinkedHashMap<>(good);
    whole.put("w1", Tensor.zeros(5, 3).to(DType.BOOL));
    assertRefused(
        NOT_THE_WEIGHTS + "weight 'w1': expected a floating type, got BOOL", whole, scale);
    String range = "metadata 'scale': expected a number above 0 and at most 1.0E12, got '%s'";
    assertRefused(range.formatted("null"), good, Map.of());
    for (String wrong : List.of("big", "0", "-1", "NaN", "Infinity", "1e13")) {
      assertRefused(range.formatted(wrong), good, Map.of("scale", wrong));
    }
  }

  @Test
  void aSilentItemHasNoVectorAndStaysSilentOnDisk() {
    Path file = file();
    BitSet silent = new BitSet();
    silent.set(7);
    silent.set(2);
    Projector.create(3, 5, 1, 1, 1, Device.CPU).silentAbout(silent).save(file);
    Projector read = Projector.load(file, 3, 5, Device.CPU);
    assertEquals(silent, read.silent());
    Tensor embeddings = Tensor.randn(4, 3);
    float[] all = read.project(embeddings).detach().toFloats();
    float[] heard = read.project(embeddings, new int[] {1, 7, 0, 2}).detach().toFloats();
    for (int i = 0; i < heard.length; i++) {
      assertEquals(i / 5 % 2 == 0 ? all[i] : 0, heard[i] + 0f);
    }
    Map<String, Tensor> weights = new LinkedHashMap<>(read.parameters());
    for (String wrong : List.of("x", "1,", "-1", "9999999999")) {
      String found = wrong.equals("1,") ? "" : wrong;
      assertRefused(
          "metadata 'silentItems': expected numbers of items, got '" + found + "'",
          weights,
          Map.of("scale", "1", "silentItems", wrong));
    }
  }
}
