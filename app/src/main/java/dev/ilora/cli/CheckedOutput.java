package dev.ilora.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** An output that remembers what went wrong with it, which writers of text keep to themselves. */
final class CheckedOutput extends FilterOutputStream {
  private Optional<IOException> failure = Optional.empty();

  CheckedOutput(OutputStream out) {
    super(out);
  }

  /** The first thing that went wrong. */
  Optional<IOException> failure() {
    return failure;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      failure = Optional.of(failure.orElse(e));
      throw e;
    }
  }
}
