package dev.ilora.data.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
  @Test
  void numbersKeysByFirstAppearanceAsAListDoes() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      KeyIndex index = new KeyIndex();
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        String key = key(random);
        assertEquals(keys.indexOf(key), index.find(Slice.of(key)), key);
        if (random.nextBoolean()) {
          if (!keys.contains(key)) {
            keys.add(key);
          }
          assertEquals(keys.indexOf(key), index.add(Slice.of(key)), key);
        }
      }
      assertEquals(keys.size(), index.size());
      for (int id = 0; id < keys.size(); id++) {
        assertEquals(keys.get(id), index.key(id));
      }
    }
  }

  private static String key(Random random) {
    String number = Integer.toString(random.nextInt(400));
    return switch (random.nextInt(4)) {
      case 0 -> "0" + number;
      case 1 -> number + "ü";
      case 2 -> number.substring(1);
      default -> number;
    };
  }

  @Test
  void keepsKeysOfEqualHashesApart() {
    KeyIndex index = new KeyIndex();
    // "Aa" and "BB" have the same String hash, and so have all words of them.
    List<String> words = List.of("AaAaAa", "AaAaBB", "AaBBAa", "AaBBBB", "BBAaAa", "BBBBBB");
    words.forEach(w -> index.add(Slice.of(w)));
    for (int id = 0; id < words.size(); id++) {
      assertEquals(id, index.find(Slice.of(words.get(id))));
    }
    assertEquals(-1, index.find(Slice.of("BBAaBB")));
  }

  @Test
  void looksAtTheSliceAlone() {
    KeyIndex index = new KeyIndex();
    index.add(Slice.of("12"));
    char[] text = "9,12,3".toCharArray();
    assertEquals(0, index.find(new Slice(text, 2, 4)));
    assertEquals(-1, index.find(new Slice(text, 2, 5)));
    assertEquals(-1, index.find(new Slice(text, 2, 2)));
  }
}
