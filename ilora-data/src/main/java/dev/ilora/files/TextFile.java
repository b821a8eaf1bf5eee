package dev.ilora.files;

import dev.ilora.BadInputException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Text files. Bytes that are not text of the encoding are an error that names their place; nothing
 * is ever replaced. A byte-order mark is left out and decides the encoding.
 */
public final class TextFile {
  private static final int LONGEST_MARK = 3;
  private static final int BLOCK = 1 << 16;

  private final Path file;
  private final Charset charset;
  private final String help;

  private TextFile(Path file, Charset charset, String help) {
    this.file = file;
    this.charset = charset;
    this.help = help;
  }

  /** Opens a UTF-8 file. */
  public static BufferedReader open(Path file) throws IOException {
    return open(file, StandardCharsets.UTF_8, "");
  }

  /**
   * Opens a file.
   *
   * @param help what to say after a mistake, such as which option names another encoding
   */
  public static BufferedReader open(Path file, Charset charset, String help) throws IOException {
    return open(file, Files.newInputStream(file), charset, help);
  }

  /** Opens a stream over the file, which is read to its end. */
  public static BufferedReader open(Path file, InputStream in, Charset charset, String help)
      throws IOException {
    BufferedInputStream marked = new BufferedInputStream(in, BLOCK);
    try {
      Mark mark = Mark.skip(marked);
      Charset chosen = mark == Mark.NONE ? charset : mark.charset;
      return new BufferedReader(new TextFile(file, chosen, help).strict(marked));
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The content of a UTF-8 file; a folder, a missing or an unreadable file is bad input. */
  public static String read(Path file) {
    if (Files.isDirectory(file)) {
      throw new BadInputException(file, "is a folder; expected a file");
    }
    try (BufferedReader reader = open(file)) {
      StringBuilder text = new StringBuilder();
      char[] block = new char[BLOCK];
      for (int n = reader.read(block); n >= 0; n = reader.read(block)) {
        text.append(block, 0, n);
      }
      return text.toString();
    } catch (NoSuchFileException e) {
      throw new BadInputException(file, "no such file");
    } catch (IOException e) {
      throw new BadInputException(file, "cannot be read: " + e.getMessage());
    }
  }

  /** The byte-order marks. */
  private enum Mark {
    NONE(null),
    UTF_8(StandardCharsets.UTF_8, 0xEF, 0xBB, 0xBF),
    UTF_16LE(StandardCharsets.UTF_16LE, 0xFF, 0xFE),
    UTF_16BE(StandardCharsets.UTF_16BE, 0xFE, 0xFF);

    private final Charset charset;
    private final byte[] bytes;

    Mark(Charset charset, int... bytes) {
      this.charset = charset;
      this.bytes = new byte[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        this.bytes[i] = (byte) bytes[i];
      }
    }

    /** Reads the mark, if there is one. */
    private static Mark skip(BufferedInputStream in) throws IOException {
      in.mark(LONGEST_MARK);
      byte[] first = in.readNBytes(LONGEST_MARK);
      in.reset();
      Mark found = NONE;
      for (Mark mark : values()) {
        boolean fits =
            first.length >= mark.bytes.length
                && Arrays.equals(Arrays.copyOf(first, mark.bytes.length), mark.bytes);
        found = fits ? mark : found;
      }
      in.skipNBytes(found.bytes.length);
      return found;
    }
  }

  private Reader strict(InputStream in) {
    Reader reader = new InputStreamReader(in, charset.newDecoder());
    return new Reader() {
      @Override
      public int read(char[] buffer, int offset, int length) throws IOException {
        try {
          return reader.read(buffer, offset, length);
        } catch (CharacterCodingException e) {
          throw undecodable();
        }
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  /** Reads the file once more, to the first byte that is not text of the encoding. */
  private BadInputException undecodable() throws IOException {
    CharsetDecoder decoder = charset.newDecoder();
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
    CharBuffer characters = CharBuffer.allocate(BLOCK);
    long before = 0;
    long line = 1;
    try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      before += Mark.skip(in).bytes.length;
      boolean end = false;
      while (!end) {
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        end = read < 0;
        bytes.position(bytes.position() + Math.max(0, read)).flip();
        CoderResult result = decoder.decode(bytes, characters, end);
        line += newlines(characters.flip());
        characters.clear();
        if (result.isError()) {
          return mistake(line, before + bytes.position(), bytes.get(bytes.position()));
        }
        before += bytes.position();
        bytes.compact();
      }
    }
    return new BadInputException(file, "is not " + charset + " text" + help);
  }

  private static long newlines(CharBuffer characters) {
    return characters.chars().filter(c -> c == '\n').count();
  }

  private BadInputException mistake(long line, long position, byte value) {
    return new BadInputException(
        file,
        line,
        String.format(
            Locale.ROOT,
            "byte 0x%02X at position %s of the file is not %s text%s",
            value,
            position,
            charset,
            help));
  }
}
