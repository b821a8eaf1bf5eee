package dev.ilora.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedFilesTest {
  @Test
  void aSkippedTestNamesTheFilesAndWhoseTheyAre() {
    assertEquals(
        "needs other people's data: data/llara/movielens/items.tsv (the splits released with LLaRA"
            + " and iLoRA)",
        SharedFiles.reason("data/llara/movielens/items.tsv"));
  }

  @Test
  void filesOfUnknownSourceAreRefused() {
    assertEquals(
        "conformance/llm/other: say in SharedFiles whose this is, and in docs/reference-vectors.md",
        assertThrows(
                IllegalArgumentException.class, () -> SharedFiles.require("conformance/llm/other"))
            .getMessage());
  }

  @Test
  void thePageAboutReferencesListsEveryFolderThatAPublicCloneLacks() throws IOException {
    Path root = Path.of(System.getProperty("ilora.root", ".."));
    String page = Files.readString(root.resolve("docs/reference-vectors.md"));
    List<String> missing = new ArrayList<>();
    SharedFiles.known()
        .forEach(
            (folder, source) -> {
              if (!page.contains("| `%s` | %s |".formatted(folder, source))) {
                missing.add(folder);
              }
            });
    assertEquals(List.of(), missing);
  }
}
