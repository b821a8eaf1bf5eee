package dev.ilora.gguf;

import dev.ilora.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file read from front to back. Every count and length is checked against what is left of the
 * file before anything is made of its size.
 */
final class HeaderBytes {
  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_TEXT = 1 << 24;

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).flip();
  private long buffered;
  private String where = "header";

  HeaderBytes(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
  }

  /** Names what is read from here on, for messages. */
  void reading(String what) {
    where = what;
  }

  /** A refusal of what is being read. */
  BadInputException refusal(String reason) {
    return new BadInputException(file, where + ": " + reason);
  }

  /** Where the next byte stands in the file. */
  long position() {
    return buffered - buffer.remaining();
  }

  /** Bytes of the file. */
  long size() {
    return size;
  }

  byte int8() throws IOException {
    return next(1).get();
  }

  short int16() throws IOException {
    return next(2).getShort();
  }

  int int32() throws IOException {
    return next(4).getInt();
  }

  long int64() throws IOException {
    return next(8).getLong();
  }

  /**
   * Reads how many things follow.
   *
   * @param leastBytes fewest bytes that one of them takes
   * @param most how many are believed, however large the file
   */
  int count(String things, int leastBytes, int most) throws IOException {
    long count = int64();
    long fit = (size - position()) / leastBytes;
    if (count < 0 || count > fit) {
      throw refusal(
          "says %s %s, but the %s bytes left of the file hold at most %s"
              .formatted(Long.toUnsignedString(count), things, size - position(), fit));
    }
    if (count > most) {
      throw refusal("says %s %s: expected at most %s".formatted(count, things, most));
    }
    return (int) count;
  }

  /** Reads a text after its length. */
  String text() throws IOException {
    int length = count("bytes of text", 1, LONGEST_TEXT);
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; ) {
      int part = Math.min(length - at, BUFFER);
      next(part).get(bytes, at, part);
      at += part;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw refusal("a text is not UTF-8");
    }
  }

  /** The buffer, with that many bytes in it at least. */
  private ByteBuffer next(int bytes) throws IOException {
    if (buffer.remaining() >= bytes) {
      return buffer;
    }
    if (bytes > size - position()) {
      throw refusal(
          "the file ends here: %s bytes left, expected %s".formatted(size - position(), bytes));
    }
    buffer.compact();
    while (buffer.position() < bytes) {
      int read = channel.read(buffer, buffered);
      if (read < 0) {
        throw refusal("the file was cut short while it was read");
      }
      buffered += read;
    }
    return buffer.flip();
  }
}
