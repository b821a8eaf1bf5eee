package dev.ilora.data.records;

import dev.ilora.data.TextForm;
import dev.ilora.files.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Lines of a delimited text file without quoting, with line numbers for messages. */
public final class LineReader extends RecordFile {
  public LineReader(Path file, Charset charset, String delimiter) throws IOException {
    this(file, TextFile.open(file, charset, ""), delimiter);
  }

  /** Reads a file whose encoding the user can name. */
  LineReader(Path file, TextForm form, String delimiter) throws IOException {
    this(file, TextFile.open(file, form.encoding(), TextForm.ENCODING_HELP), delimiter);
  }

  /** Reads a stream of UTF-8 over the file, which is read to its end. */
  public LineReader(Path file, InputStream in, String delimiter) throws IOException {
    this(file, TextFile.open(file, in, StandardCharsets.UTF_8, ""), delimiter);
  }

  private LineReader(Path file, BufferedReader reader, String delimiter) {
    super(file, new RecordStream(new LineRecords(reader, delimiter)), delimiter);
  }

  /** The lines that are left. */
  RecordStream records() {
    return records;
  }

  /** The cells as text. */
  public List<String> cells() {
    return records.cells();
  }

  public void requireHeader(String... names) throws IOException {
    if (!next()) {
      throw wrong("empty file");
    }
    List<String> cells = cells();
    for (String name : names) {
      if (!cells.contains(name)) {
        throw wrong(
            "missing column '%s'; found: %s%s"
                .formatted(name, String.join(", ", cells), CommentLine.help(cells.getFirst())));
      }
    }
    if (!cells.equals(List.of(names))) {
      throw wrong(
          "expected the columns %s; found: %s"
              .formatted(String.join(", ", names), String.join(", ", cells)));
    }
  }
}
