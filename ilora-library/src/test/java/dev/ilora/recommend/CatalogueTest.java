package dev.ilora.recommend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  private final Catalogue films =
      new Catalogue(
          List.of(
              new CatalogueItem("1", "Alien"),
              new CatalogueItem("2", "Aliens"),
              new CatalogueItem("3", "Sabrina"),
              new CatalogueItem("4", "Sabrina"),
              new CatalogueItem("5", "Reds; Blues"),
              new CatalogueItem("6", "SEVEN"),
              new CatalogueItem("7", "Seven")));

  private static String refusal(org.junit.jupiter.api.function.Executable search) {
    return assertThrows(IllegalArgumentException.class, search).getMessage();
  }

  @Test
  void findsByKeyAndByTitleWhateverTheCase() {
    assertEquals("2", films.find(" aLIENS ").key());
    assertEquals("Alien", films.item("1").title());
    assertEquals("7", films.find("Seven").key());
    assertEquals("6", films.find("SEVEN").key());
  }

  @Test
  void aTitleThatItemsShareIsRefusedWithTheirKeys() {
    assertEquals(
        "2 items have the title 'Sabrina': name one by its key (3, 4)",
        refusal(() -> films.find("Sabrina")));
    assertEquals(
        "2 items have the title 'seven': name one by its key (6, 7)",
        refusal(() -> films.find("seven")));
  }

  @Test
  void unknownNamesComeWithTheNearest() {
    assertEquals(
        "no item has the title 'Alein'; did you mean 'Alien'?", refusal(() -> films.find("Alein")));
    assertEquals(
        "no item has the title 'Blues'; did you mean 'Reds; Blues'?",
        refusal(() -> films.find("Blues")));
    assertEquals("no item has the title 'Zzz'", refusal(() -> films.find("Zzz")));
    assertEquals("no item has the key 'nothing'", refusal(() -> films.item("nothing")));
  }

  @Test
  void listsMayHoldTitlesWithSemicolons() {
    List<String> mistakes = new ArrayList<>();
    List<CatalogueItem> found =
        films.itemsOfTitles("--titles", "reds; blues; Alien;Zzz; Sabrina", mistakes);
    assertEquals(List.of("5", "1"), found.stream().map(CatalogueItem::key).toList());
    assertEquals(
        List.of(
            "--titles: no item has the title 'Zzz'",
            "--titles: 2 items have the title 'Sabrina': name one by its key (3, 4)"),
        mistakes);
  }

  @Test
  void whoSeparatesKeysByCommasIsToldOfSemicolons() {
    List<String> mistakes = new ArrayList<>();
    films.itemsOfKeys("--history", "1,2; zzz,yyy", mistakes);
    assertEquals(
        List.of(
            "--history: no item has the key '1,2'; separate keys by semicolons",
            "--history: no item has the key 'zzz,yyy'"),
        mistakes);
  }

  @Test
  void keysAreUnique() {
    assertEquals(
        "two items have the key 1: 'A' and 'B'",
        refusal(
            () ->
                new Catalogue(List.of(new CatalogueItem("1", "A"), new CatalogueItem("1", "B")))));
    assertEquals("a catalogue needs at least one item", refusal(() -> new Catalogue(List.of())));
  }
}
