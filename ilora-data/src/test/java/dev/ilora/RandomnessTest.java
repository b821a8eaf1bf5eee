package dev.ilora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RandomnessTest {
  private static final int PLACES = 300;
  private static final int NUMBERS = 50;

  private static void sharesNoNumbers(LongFunction<RandomGenerator> stream) {
    Set<Long> numbers = new HashSet<>();
    for (int index = 0; index < PLACES; index++) {
      stream.apply(index).longs(NUMBERS).forEach(numbers::add);
    }
    assertEquals(PLACES * NUMBERS, numbers.size());
  }

  @Test
  void placesOfAStreamShareNoNumbersNotEvenShifted() {
    sharesNoNumbers(index -> Randomness.at(1, "order", index));
    sharesNoNumbers(index -> Randomness.at(1, index));
    sharesNoNumbers(step -> new SplittableRandom(Randomness.stepSeed(1, step)));
    sharesNoNumbers(number -> new SplittableRandom(Randomness.recommenderSeed(1, number)));
    sharesNoNumbers(index -> Randomness.ofCase(1, (int) index));
    sharesNoNumbers(user -> Randomness.ofUser(1, Long.toString(user)));
    sharesNoNumbers(Randomness::initialWeights);
  }

  @Test
  void placesOneIncrementApartShareNoNumbersEither() {
    sharesNoNumbers(index -> Randomness.at(1, "order", index * 0x9E3779B97F4A7C15L));
    sharesNoNumbers(index -> Randomness.at(index * 0x9E3779B97F4A7C15L, "order", 1));
  }

  @Test
  void seedPurposeAndPlaceEachMakeADifference() {
    long number = Randomness.at(1, "order", 2).nextLong();
    assertEquals(number, Randomness.at(1, "order", 2).nextLong());
    assertNotEquals(number, Randomness.at(2, "order", 2).nextLong());
    assertNotEquals(number, Randomness.at(1, "dropout", 2).nextLong());
    assertNotEquals(number, Randomness.at(1, "order", 3).nextLong());
  }

  @Test
  void derivationsOfPublishedResultsStayAsTheyAre() {
    assertEquals(-4575379819684687039L, Randomness.at(7, 3).nextLong());
    assertEquals(1282983323775166185L, Randomness.stepSeed(7, 3));
    assertEquals(842563163381419527L, Randomness.stepSeed(~7, 3));
    assertEquals(-2052782566065991146L, Randomness.recommenderSeed(7, 3));
    assertEquals(4638043754431676516L, Randomness.recommenderSeed(7, -1));
    assertEquals(-1777093422193752647L, Randomness.ofCase(7, 3).nextLong());
    assertEquals(-8480080545918088223L, Randomness.ofUser(7, "u3").nextLong());
    assertEquals(8519040117858583192L, Randomness.initialWeights(7).nextLong());
    assertEquals(73, Randomness.partSeed(7, 3));
    assertEquals(13, Randomness.baseProjectorSeed(7));
  }

  @Test
  void ordersAndSamplesOfPublishedResultsStayAsTheyAre() {
    int[] order = {1, 5, 0, 4, 2, 8, 7, 3, 9, 6};
    assertArrayEquals(order, Randomness.order(10, new SplittableRandom(7)));
    List<Integer> list = Arrays.stream(order).sorted().boxed().toList();
    assertEquals(
        Arrays.stream(order).boxed().toList(), Randomness.shuffled(list, new SplittableRandom(7)));
    assertArrayEquals(new int[] {6, 7, 5, 0}, Randomness.sample(10, 4, new SplittableRandom(7)));
  }

  @Test
  void everyOrderOfThreeComesUpEquallyOften() {
    var random = new SplittableRandom(1);
    int[] counts = new int[321];
    for (int i = 0; i < 60_000; i++) {
      int[] order = Randomness.order(3, random);
      counts[order[0] * 100 + order[1] * 10 + order[2]]++;
    }
    for (int order : new int[] {12, 21, 102, 120, 201, 210}) {
      assertEquals(10_000, counts[order], 500);
    }
  }

  @Test
  void whatCannotBeSampledIsRefused() {
    var tooMany =
        assertThrows(
            IllegalArgumentException.class, () -> Randomness.sample(3, 4, new SplittableRandom(1)));
    assertEquals("sample size: expected 0 to 3, got 4", tooMany.getMessage());
    var part = assertThrows(IllegalArgumentException.class, () -> Randomness.partSeed(1, 10));
    assertEquals("part: expected 0 to 9, got 10", part.getMessage());
  }
}
