package dev.ilora.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ilora.data.Item;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ItemAttributesTest {
  private static Item item(int id, String title, String... attributes) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      map.put(attributes[i], attributes[i + 1]);
    }
    return new Item(id, "key" + id, title, map);
  }

  @Test
  void saysWhatItemsHold() {
    var attributes =
        new ItemAttributes(
            List.of(
                item(0, "Alpha", "genre", "comedy|drama", "year", "1995", "home_town", "Oslo"),
                item(1, "Beta", "genre", "comedy", "year", "1995", "home_town", "Bergen"),
                item(2, "Able", "genre", "drama", "year", "1991", "home_town", "Oslo"),
                item(3, "Ärger", "decade", "1980s", "genre", "|", "home_town", "Bergen")));
    assertEquals(
        List.of(
            "comedy film",
            "drama film",
            "film from 1991",
            "film from 1995",
            "film from the 1990s",
            "film with home town Bergen",
            "film with home town Oslo",
            "film from the 1980s"),
        attributes.values().stream().map(value -> value.phrase("film")).toList());
    assertArrayEquals(new int[] {0, 1}, attributes.values().getFirst().items());
    assertArrayEquals(new int[] {0, 1, 3, 4, 6}, attributes.of(0));
    assertArrayEquals(new int[] {5, 7}, attributes.of(3));
    assertTrue(attributes.holds(2, 4));
    assertEquals(
        "comedy drama film from 1995",
        attributes.phrase(
            List.of(
                attributes.values().get(0), attributes.values().get(1), attributes.values().get(3)),
            "film"));
    assertEquals(attributes.initialOf(0), attributes.initialOf(2));
    assertEquals(
        "film that begins with Ä",
        attributes.initials().get(attributes.initialOf(3)).phrase("film"));
  }

  @Test
  void leavesOutWhatTellsEveryItemApart() {
    var attributes =
        new ItemAttributes(
            List.of(
                item(0, "A", "url", "x/1", "kind", "k"),
                item(1, "B", "url", "x/2", "kind", "k"),
                item(2, "C", "url", "x/3", "kind", "k")));
    assertEquals(
        List.of("item with kind k"),
        attributes.values().stream().map(value -> value.phrase("item")).toList());
    assertTrue(new ItemAttributes(List.of(item(0, "A"))).values().isEmpty());
  }
}
