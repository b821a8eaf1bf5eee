package dev.ilora.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class YamlWriterTest {
  sealed interface Shape {
    record Round(double radius) implements Shape {}

    record Square(@Default("2") int side) implements Shape {}
  }

  enum Mood {
    VERY_GOOD
  }

  record Leaf(int count, String text) {}

  record Tree(
      String name,
      long big,
      double small,
      float single,
      boolean flag,
      Mood mood,
      Path path,
      Optional<Leaf> leaf,
      Optional<String> note,
      List<Leaf> leaves,
      List<String> words,
      List<Shape> shapes) {}

  private static Tree tree(String text, double number) {
    return new Tree(
        text,
        Long.MIN_VALUE,
        number,
        (float) number,
        true,
        Mood.VERY_GOOD,
        Path.of("a", "b c"),
        Optional.of(new Leaf(1, text)),
        Optional.empty(),
        List.of(new Leaf(2, "x"), new Leaf(3, text)),
        List.of(text, "plain"),
        List.of(new Shape.Round(number), new Shape.Square(2), new Shape.Square(3)));
  }

  @Test
  void writesReadableYamlInTheOrderOfTheComponents() {
    assertEquals(
        """
        name: "yes"
        big: -9223372036854775808
        small: 0.0001
        single: 0.0001
        flag: true
        mood: very-good
        path: a/b c
        leaf:
          count: 1
          text: "yes"
        note: null
        leaves:
          - count: 2
            text: x
          - count: 3
            text: "yes"
        words: ["yes", plain]
        shapes:
          - kind: round
            radius: 0.0001
          - square
          - kind: square
            side: 3
        """,
        Config.yaml(tree("yes", 1e-4)));
  }

  @Test
  void bindingWhatWasWrittenGivesTheSameRecord() {
    Random random = new Random(7);
    List<String> texts =
        new ArrayList<>(
            List.of("null", "~", "12", "1e3", "a: b", "- a", "#x", " a ", "\t", "{", "é\u2028"));
    for (int i = 0; i < 200; i++) {
      texts.add(
          random
              .ints(1 + random.nextInt(12), 1, 0x20000)
              .filter(c -> c < 0xd800 || c > 0xffff)
              .map(c -> random.nextBoolean() ? c % 128 : c)
              .filter(c -> c > 0)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString());
    }
    for (String text : texts) {
      Tree tree = tree(text, random.nextGaussian() * Math.pow(10, random.nextInt(-20, 20)));
      assertEquals(tree, Config.bind(Tree.class, "tree.yaml", Config.yaml(tree), List.of()));
    }
  }
}
