package dev.ilora.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds docs/recipes.md to the Recipe record; {@code -Dilora.recipes=write} rewrites the page. */
class RecipeTableTest {
  private static final Path ROOT = Path.of(System.getProperty("ilora.root", ".."));
  private static final Path PAGE = ROOT.resolve("docs/recipes.md");
  private static final String MARK = "<!-- generated from here on -->\n";

  @Test
  void thePageHasEveryKeyAsTheRecordHasIt() throws IOException {
    String page = Files.readString(PAGE);
    String expected =
        page.substring(0, page.indexOf(MARK)) + MARK + "\n" + RecipeTable.of(Recipe.class, ROOT);
    if ("write".equals(System.getProperty("ilora.recipes"))) {
      Files.writeString(PAGE, expected);
    } else {
      assertEquals(expected, page, "write it again with -Dilora.recipes=write");
    }
  }
}
