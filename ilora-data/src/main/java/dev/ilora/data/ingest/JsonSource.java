package dev.ilora.data.ingest;

import dev.ilora.BadInputException;
import dev.ilora.data.records.RecordSource;
import dev.ilora.files.JsonFields;
import dev.ilora.files.TextFile;
import dev.ilora.files.TextLines;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file of one JSON object a line, read line by line. Blank lines are left out. */
final class JsonSource implements RecordSource, Closeable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final TextLines lines;
  private String text = "";

  JsonSource(Path file) throws IOException {
    this.file = file;
    this.lines = new TextLines(TextFile.open(file));
  }

  @Override
  public boolean next() throws IOException {
    text = lines.next();
    return text != null;
  }

  /** What is done with a line. */
  interface Handler {
    /** Uses a line; an IllegalArgumentException is a mistake of the line. */
    void handle(JsonNode node, long line);
  }

  /** Reads all lines. */
  void eachLine(Handler handler) throws IOException {
    each(() -> check(() -> handler.handle(node(), line())));
  }

  /** The line read last. */
  JsonNode node() {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw JsonFields.notJson(file, line(), text);
    }
  }

  @Override
  public long line() {
    return lines.line();
  }

  @Override
  public BadInputException wrong(String message) {
    return new BadInputException(file, line(), message);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
