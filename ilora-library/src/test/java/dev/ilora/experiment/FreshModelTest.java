package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.hybrid.BaseModels;
import dev.ilora.hybrid.Conditioning;
import dev.ilora.hybrid.OpenModel;
import dev.ilora.hybrid.Projector;
import dev.ilora.hybrid.Tuning;
import dev.ilora.testing.InScope;
import dev.ilora.testing.OneThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training starts from. */
@OneThread
@InScope
class FreshModelTest {
  @TempDir private Path folder;

  /** How large the projected vectors of all items are, of token embeddings. */
  private static double vectors(MiniWorld world, String... words) {
    Recipe recipe = world.recipe("llara", words);
    try (OpenModel open = FreshModel.create(recipe, world.workspace("work"))) {
      var embedded = (Conditioning.Embedded) open.model().conditioning();
      var items = embedded.items().orElseThrow();
      double size = Projector.size(items.projector().project(items.vectors().of(embedded.guide())));
      return size
          / Projector.size(open.model().llama().parameters().get("model.embed_tokens.weight"));
    }
  }

  /** Vectors without any order would drown the prompt from the start. */
  @Test
  void aPrefixBeginsAsKeysAndValuesOfTokensDrawnByLot() throws IOException {
    MiniWorld world = MiniWorld.in(folder);
    Recipe recipe = world.recipe("tallrec", "adapter.prefixTokens=3");
    List<float[]> begun = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (OpenModel open = FreshModel.create(recipe, world.workspace("work"))) {
        assertEquals(3, open.model().encoder().virtualTokens());
        var prefix = (Tuning.Prefix) open.model().tuning();
        int layers = open.model().llama().config().layers();
        long width = open.model().llama().config().shape().keyValueWidth();
        assertArrayEquals(new long[] {3, layers, 2, width}, prefix.keysAndValues().shape());
        assertTrue(prefix.keysAndValues().requiresGrad());
        begun.add(prefix.keysAndValues().toFloats());
      }
    }
    assertArrayEquals(begun.getFirst(), begun.getLast());
    double squares = 0;
    for (float value : begun.getFirst()) {
      squares += (double) value * value;
    }
    assertTrue(squares > 0);
  }

  @Test
  void vectorsThatANewProjectorAddsToTitlesBeginSmall() throws IOException {
    MiniWorld world = MiniWorld.in(folder);
    String added = "prompt.embeddings=slot-and-title";
    double taught = vectors(world, added);
    assertEquals(taught / 4, vectors(world, added, "prompt.vectorSize=0.25"), 1e-6 * taught);

    Files.delete(world.base().resolve(BaseModels.PROJECTOR));
    assertEquals(0.2, vectors(world, added), 0.05);
    assertEquals(0.2, vectors(world, "prompt.embeddings=title-tokens"), 0.05);
    assertEquals(1, vectors(world, "prompt.embeddings=slot"), 0.25);
    assertEquals(0.5, vectors(world, added, "prompt.vectorSize=0.5"), 0.125);
  }
}
