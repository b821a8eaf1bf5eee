package dev.ilora.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ilora.BadInputException;
import dev.ilora.config.Config;
import dev.ilora.config.ConfigException;
import dev.ilora.data.ingest.DatasetFormat;
import dev.ilora.data.ingest.ImportOptions;
import dev.ilora.data.ingest.Importer;
import dev.ilora.experiment.Recipe;
import dev.ilora.gguf.GgufFile;
import dev.ilora.recommend.Catalogue;
import dev.ilora.recommend.CatalogueItem;
import dev.ilora.recommend.RequestFile;
import dev.ilora.tensor.SafeTensors;
import dev.ilora.tensor.Scope;
import dev.ilora.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every parser reads any bytes or refuses them, naming the file. A build tries the inputs beside
 * the test; {@code scripts/fuzz} looks for others, led by the branches that they reach.
 */
class ParsersFuzzTest {
  @TempDir static Path folder;

  /** Reads a file or refuses it. */
  @FunctionalInterface
  private interface Parser {
    void read(Path file) throws Exception;
  }

  @BeforeAll
  static void makeFolders() throws IOException {
    for (String name : List.of("table", "lines", "time", "tokenizer")) {
      Files.createDirectory(folder.resolve(name));
    }
  }

  private static void assertReadOrRefused(String name, byte[] content, Parser parser)
      throws Exception {
    Path file = Files.write(folder.resolve(name), content);
    try {
      parser.read(file);
    } catch (BadInputException | ConfigException e) {
      assertTrue(e.getMessage().contains(file.getParent().toString()), e.getMessage());
    }
  }

  private static void importOf(Path file) throws IOException {
    Importer.read(file.getParent(), DatasetFormat.CSV, ImportOptions.defaults(DatasetFormat.CSV));
  }

  @FuzzTest
  void table(byte[] content) throws Exception {
    assertReadOrRefused("table/interactions.csv", content, ParsersFuzzTest::importOf);
  }

  @FuzzTest
  void time(byte[] cell) throws Exception {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    table.writeBytes("user,item,time\nu,i,".getBytes(StandardCharsets.US_ASCII));
    table.writeBytes(cell);
    table.writeBytes("\nu,j,\"".getBytes(StandardCharsets.US_ASCII));
    table.writeBytes(cell);
    table.writeBytes("\"\n".getBytes(StandardCharsets.US_ASCII));
    assertReadOrRefused("time/interactions.csv", table.toByteArray(), ParsersFuzzTest::importOf);
  }

  @FuzzTest
  void jsonTable(byte[] content) throws Exception {
    assertReadOrRefused("lines/interactions.jsonl", content, ParsersFuzzTest::importOf);
  }

  @FuzzTest
  void requests(byte[] content) throws Exception {
    Catalogue catalogue =
        new Catalogue(List.of(new CatalogueItem("a", "A"), new CatalogueItem("b", "B")));
    assertReadOrRefused(
        "requests.jsonl",
        content,
        file -> {
          RequestFile.check(file, catalogue, 5);
          try (RequestFile requests = new RequestFile(file, catalogue, 5)) {
            requests.forEachRemaining(request -> assertTrue(request.line().isPresent()));
          }
        });
  }

  @FuzzTest
  void tokenizer(byte[] content) throws Exception {
    assertReadOrRefused(
        "tokenizer/tokenizer.json",
        content,
        file -> {
          try (Tokenizer tokenizer = Tokenizer.open(file)) {
            tokenizer.decode(tokenizer.encode("Title of 7, and é"));
          }
        });
  }

  @FuzzTest
  void safetensors(byte[] content) throws Exception {
    assertReadOrRefused(
        "weights.safetensors",
        content,
        file -> {
          try (var _ = Scope.open();
              SafeTensors open = SafeTensors.open(file)) {
            open.loadAll();
          }
        });
  }

  @FuzzTest
  void gguf(byte[] content) throws Exception {
    assertReadOrRefused(
        "model.gguf",
        content,
        file -> {
          try (var _ = Scope.open();
              GgufFile open = GgufFile.open(file)) {
            open.loadAll();
          }
        });
  }

  @FuzzTest
  void recipe(byte[] content) throws Exception {
    assertReadOrRefused("recipe.yaml", content, file -> Config.bind(Recipe.class, file, List.of()));
  }
}
