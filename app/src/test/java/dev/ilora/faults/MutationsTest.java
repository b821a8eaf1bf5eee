package dev.ilora.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small form of the campaign. */
class MutationsTest {
  private static final int COUNT = 300;

  @TempDir Path folder;

  @Test
  void everyReaderReadsOrRefusesByNameWhateverItIsGiven() throws IOException {
    Corpus corpus = new Corpus(folder);
    corpus.make();
    Mutations mutations = new Mutations(corpus, 1);
    Map<Mutations.Verdict, Integer> counts = new EnumMap<>(Mutations.Verdict.class);
    StringBuilder bad = new StringBuilder();
    for (long number = 0; number < COUNT; number++) {
      Mutations.Result result = mutations.mutate(number);
      counts.merge(result.verdict(), 1, Integer::sum);
      if (!result.verdict().good()) {
        bad.append(result).append('\n');
      }
    }
    assertEquals("", bad.toString());
    assertTrue(counts.get(Mutations.Verdict.REFUSED) > COUNT / 4, counts.toString());
    assertTrue(counts.get(Mutations.Verdict.ACCEPTED) > 0, counts.toString());
  }

  @Test
  void theSameSeedMakesTheSameChanges() {
    byte[] good = "{\"a\": 12, \"b\": [1, 2]}\n".getBytes(StandardCharsets.UTF_8);
    List<Long> seeds = LongStream.range(0, 200).boxed().toList();
    for (long seed : seeds) {
      assertArrayEquals(
          new Mutator(new SplittableRandom(seed)).mutated(good),
          new Mutator(new SplittableRandom(seed)).mutated(good));
    }
    long different =
        seeds.stream()
            .map(
                seed ->
                    new String(
                        new Mutator(new SplittableRandom(seed)).mutated(good),
                        StandardCharsets.ISO_8859_1))
            .distinct()
            .count();
    assertTrue(different > 150, different + " different changes");
  }
}
