package dev.ilora.data.ingest;

import dev.ilora.data.Dataset;
import dev.ilora.data.UserSequence;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A folder of raw files for tests, and what is read from it in short form. */
record RawFolder(Path path) {
  RawFolder write(String name, String... lines) throws IOException {
    return write(StandardCharsets.UTF_8, name, lines);
  }

  RawFolder write(Charset charset, String name, String... lines) throws IOException {
    Files.writeString(path.resolve(name), String.join("\n", lines) + "\n", charset);
    return this;
  }

  Dataset read() throws IOException {
    return read(new ImportOptions());
  }

  Dataset read(ImportOptions options) throws IOException {
    return Importer.read(path, DatasetFormat.detect(path), options);
  }

  /** Keys in order, a text a user: {@code u: a b}. */
  static List<String> sequences(Dataset dataset) {
    return dataset.users().stream().map(user -> sequence(dataset, user)).toList();
  }

  private static String sequence(Dataset dataset, UserSequence user) {
    return user.user()
        + ": "
        + IntStream.of(user.items())
            .mapToObj(i -> dataset.items().get(i).key())
            .collect(Collectors.joining(" "));
  }

  String mistake() {
    return mistake(new ImportOptions());
  }

  /** What is wrong, with paths in the folder shortened. */
  String mistake(ImportOptions options) {
    return ImporterRefusalTest.mistake(path, () -> read(options));
  }
}
