package dev.ilora.data.records;

import dev.hardwood.InputFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file for Hardwood that is not mapped: one that is cut short meanwhile is an error. */
final class ChannelInput implements InputFile {
  private final Path file;
  private FileChannel channel;

  ChannelInput(Path file) {
    this.file = file;
  }

  @Override
  public void open() throws IOException {
    channel = FileChannel.open(file);
  }

  @Override
  public ByteBuffer readRange(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("the file ends before byte " + (offset + length));
      }
    }
    return bytes.flip();
  }

  @Override
  public long length() throws IOException {
    return channel.size();
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
