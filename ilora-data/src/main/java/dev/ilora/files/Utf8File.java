package dev.ilora.files;

import dev.ilora.BadInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files that must be UTF-8: other bytes are an error that names the file. */
public final class Utf8File {
  private Utf8File() {}

  /** Opens a file to be read by lines. */
  public static BufferedReader open(Path file) throws IOException {
    Reader strict =
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder());
    return new BufferedReader(strict) {
      @Override
      public String readLine() throws IOException {
        try {
          return super.readLine();
        } catch (CharacterCodingException e) {
          throw new BadInputException(file, "is not UTF-8 text");
        }
      }
    };
  }
}
